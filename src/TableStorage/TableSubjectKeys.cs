using System.Security.Cryptography;
using Atomic.EventSourcing;
using Atomic.TableStorage.Rows;
using Atomic.TableStorage.Tables;
using Azure.Data.Tables;

namespace Atomic.TableStorage;

/// <summary>Keys of people in a table of their own, a row each: apart from all that is sealed with them, and from its backups.</summary>
internal sealed class TableSubjectKeys(TableSet tables) : ISubjectKeys
{
    private const string TableName = "atomicSubjectKeys";

    private Table Keys => tables[TableName];

    public async Task<byte[]?> FindAsync(string subject, CancellationToken cancellation) =>
        (await Keys.FindAsync(KeyHash.Of(subject).Range, KeyText.Encode(subject), cancellation))?.GetBinary("Key");

    public async Task<byte[]> GetAsync(string subject, CancellationToken cancellation)
    {
        while (true)
        {
            if (await FindAsync(subject, cancellation) is { } known) return known;
            var key = RandomNumberGenerator.GetBytes(ISubjectKeys.KeyBytes);
            var row = new TableEntity(KeyHash.Of(subject).Range, KeyText.Encode(subject)) { ["Key"] = key };
            // Another may make one at the same time, and another erase that again.
            if (await Keys.InsertAsync(row, cancellation) is not null) return key;
        }
    }

    public Task EraseAsync(string subject, CancellationToken cancellation) =>
        Keys.DeleteAsync(KeyHash.Of(subject).Range, KeyText.Encode(subject), cancellation);
}
