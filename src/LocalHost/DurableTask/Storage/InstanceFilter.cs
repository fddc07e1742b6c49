using System.Globalization;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask.Storage;

/// <summary>Which instances are asked for, and where the last page ended.</summary>
internal sealed record InstanceFilter
{
    private const char Separator = '.';

    /// <summary>All that have not ended.</summary>
    public static InstanceFilter Live => new()
    {
        Statuses = [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended],
    };

    public DateTimeOffset? CreatedFrom { get; init; }

    public DateTimeOffset? CreatedTo { get; init; }

    public DateTimeOffset? UpdatedFrom { get; init; }

    public DateTimeOffset? UpdatedTo { get; init; }

    /// <summary>Any of them; null or none for every status.</summary>
    public IReadOnlyCollection<OrchestrationRuntimeStatus>? Statuses { get; init; }

    public string? Prefix { get; init; }

    /// <summary>At most so many; null for all.</summary>
    public int? Count { get; init; }

    /// <summary>The end of the page before, as <see cref="After"/> gave it.</summary>
    public string? Continuation { get; init; }

    /// <summary>The continuation of a page that ends with <paramref name="last"/>.</summary>
    public static string After(InstanceRow last) => $"{last.Created.Ticks}{Separator}{last.Key}";

    /// <summary>Newest first.</summary>
    /// <exception cref="ArgumentException">The continuation is none of this engine's.</exception>
    public (string Where, object[] Values) ToSql()
    {
        var conditions = new List<string>();
        var values = new List<object>();
        Add("i.Created >= ", CreatedFrom);
        Add("i.Created <= ", CreatedTo);
        Add("s.Updated >= ", UpdatedFrom);
        Add("s.Updated <= ", UpdatedTo);
        if (Statuses is { Count: > 0 }) conditions.Add($"s.Status IN ({string.Join(", ", Statuses.Select(status => Value((long)status)))})");
        if (!string.IsNullOrEmpty(Prefix)) conditions.Add($"substr(i.Id, 1, {Value((long)Prefix.Length)}) = {Value(Prefix)}");
        if (!string.IsNullOrEmpty(Continuation))
        {
            var (created, key) = ReadContinuation(Continuation);
            conditions.Add($"(i.Created, i.Key) < ({Value(created)}, {Value(key)})");
        }

        var where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
        return ($"{where}ORDER BY i.Created DESC, i.Key DESC{(Count is { } count ? $" LIMIT {Value((long)count)}" : "")}", [.. values]);

        void Add(string condition, DateTimeOffset? time)
        {
            if (time is { } limit) conditions.Add(condition + Value(limit.UtcTicks));
        }

        string Value(object value)
        {
            values.Add(value);
            return $"${values.Count - 1}";
        }
    }

    private static (long Created, long Key) ReadContinuation(string continuation) =>
        continuation.Split(Separator) is [var created, var key]
        && long.TryParse(created, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (ticks, number)
            : throw new ArgumentException($"'{continuation}' is no continuation of a query.", nameof(continuation));
}
