using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace Atomic.TableStorage.Tables;

/// <summary>The tables of one account, one client each for the life of the process.</summary>
internal sealed class TableSet(TableServiceClient service)
{
    private readonly ConcurrentDictionary<string, Table> _tables = new();

    public Table this[string name] => _tables.GetOrAdd(name, static (name, service) => new Table(service, name), service);
}
