using System.Collections.Concurrent;

namespace Atomic.Functions.Watch;

/// <summary>
/// What has been said within a day by this process. Alerts look two days back and go away when they find nothing: what lasts is said each day.
/// After a restart it is said once more, which is harmless.
/// </summary>
internal sealed class Daily(TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _said = new();

    /// <summary>Whether it is to be said now; then it counts as said.</summary>
    public bool Says(string what)
    {
        if (!IsDue(what)) return false;
        Said(what);
        return true;
    }

    public bool IsDue(string what) => !_said.TryGetValue(what, out var at) || time.GetUtcNow() - at >= Day;

    public void Said(string what)
    {
        var now = time.GetUtcNow();
        foreach (var old in _said.Where(each => now - each.Value >= Day)) _said.TryRemove(old);
        _said[what] = now;
    }
}
