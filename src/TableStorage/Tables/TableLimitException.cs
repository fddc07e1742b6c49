namespace Atomic.TableStorage.Tables;

/// <summary>A request that Azure would refuse. Nothing was sent.</summary>
public sealed class TableLimitException(string table, string what, long actual, long limit)
    : Exception($"{what} in table {table} is {actual} and may be at most {limit}.")
{
    public string Table { get; } = table;

    public string What { get; } = what;

    public long Actual { get; } = actual;

    public long Limit { get; } = limit;
}
