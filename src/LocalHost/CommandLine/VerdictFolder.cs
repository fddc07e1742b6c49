using System.Globalization;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Transactions;

namespace Atomic.LocalHost.CommandLine;

/// <summary>The verdicts on definitions, a file each in the data folder: written by <c>verify</c>, whether a host runs there or not, and read by the host.</summary>
internal sealed class VerdictFolder(string data) : IVerdicts
{
    private readonly string _path = Path.Combine(data, "verdicts");

    public async Task<LastVerdict?> FindAsync(string definition, int version, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(FileOf(definition, version));
            return await JsonSerializer.DeserializeAsync<LastVerdict>(file, StorageJson.Options, cancellation);
        }
        // One that is damaged tells nothing, and is written anew with the next.
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public async Task KeepAsync(Definition definition, LastVerdict verdict, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_path);
        // In one move: who reads meanwhile finds the one before, whole.
        var (file, written) = (FileOf(definition.Name, definition.Version), Path.Combine(_path, $"{Guid.NewGuid():N}.tmp"));
        await using (var stream = File.Create(written)) await JsonSerializer.SerializeAsync(stream, verdict, StorageJson.Options, cancellation);
        File.Move(written, file, overwrite: true);
    }

    private string FileOf(string definition, int version) =>
        Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{definition}.v{version}.json"));
}
