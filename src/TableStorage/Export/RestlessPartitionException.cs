namespace Atomic.TableStorage.Export;

/// <summary>A partition was written to between any two readings of it; the next run tries again.</summary>
public sealed class RestlessPartitionException(string table, string partition, int readings)
    : Exception($"The partition {partition} of {table} was read {readings} times and was another one each time.")
{
    public string Table { get; } = table;

    public string Partition { get; } = partition;
}
