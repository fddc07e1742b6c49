using System.Collections.Concurrent;

namespace Atomic.Functions.Watch;

/// <summary>
/// What this process has said of late. Alerts look back for a while and go away when they find nothing: what lasts is said again, and no more
/// often than they need. After a restart it is said once more, which is harmless.
/// </summary>
/// <param name="every">How long something counts as said.</param>
internal sealed class Seldom(TimeProvider time, TimeSpan every)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _said = new();

    /// <summary>For alerts that look two days back.</summary>
    public static Seldom Daily(TimeProvider time) => new(time, TimeSpan.FromDays(1));

    /// <summary>Whether it is to be said now; then it counts as said.</summary>
    public bool Says(string what)
    {
        if (!IsDue(what)) return false;
        Said(what);
        return true;
    }

    public bool IsDue(string what) => !_said.TryGetValue(what, out var at) || time.GetUtcNow() - at >= every;

    public void Said(string what)
    {
        var now = time.GetUtcNow();
        foreach (var old in _said.Where(each => now - each.Value >= every)) _said.TryRemove(old);
        _said[what] = now;
    }
}
