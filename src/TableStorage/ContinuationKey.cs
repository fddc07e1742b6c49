using System.Security.Cryptography;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>
/// What continuations are signed with. All instances must have the same key, and an app without secrets in its settings has none to
/// offer; so the first to need it makes it, and keeps it where the rows are that it protects. A process reads it once, when a list first
/// has a next page.
/// </summary>
internal sealed class ContinuationKey(TableSet tables)
{
    private const string Table = "atomicKeys";
    private const string Partition = "continuations";
    private const string Row = "1";
    private const int KeyBytes = 32;

    private byte[]? _key;

    public async ValueTask<byte[]> GetAsync(CancellationToken cancellation) =>
        _key ??= await ReadAsync(cancellation) ?? await MakeAsync(cancellation);

    private async Task<byte[]?> ReadAsync(CancellationToken cancellation) =>
        (await tables[Table].FindAsync(Partition, Row, cancellation))?.GetBinary("Key");

    private async Task<byte[]> MakeAsync(CancellationToken cancellation)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var isOurs = await tables[Table].InsertAsync(new TableEntity(Partition, Row) { ["Key"] = key }, cancellation) is not null;
        return isOurs ? key : (await ReadAsync(cancellation))!;
    }
}
