namespace Atomic.TableStorage.Tables;

/// <summary>Table Storage did not do what it was asked, for no reason that is part of an answer. Whether it wrote is unknown.</summary>
/// <param name="status">The HTTP status; 0 when there was no answer.</param>
public sealed class TableStorageException(string table, string operation, int status, string? code, Exception inner)
    : Exception($"Table Storage answered {Answer(status, code)} to {operation} of table {table}: {FirstLine(inner)}", inner)
{
    public string Table { get; } = table;

    public int Status { get; } = status;

    public string? Code { get; } = code;

    private static string Answer(int status, string? code) => status == 0 ? "nothing" : $"{status} {code}";

    private static string FirstLine(Exception inner) => inner.Message.Split('\n', 2)[0].TrimEnd();
}
