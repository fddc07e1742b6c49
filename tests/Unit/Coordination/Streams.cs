using System.Collections.Concurrent;
using Atomic.EventSourcing;

namespace Atomic.Unit.Coordination;

/// <summary>The streams that a sample's steps write to, as a run shows them.</summary>
internal static class Streams
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, StreamId>> Known = new();

    /// <summary>The first stream of the step, which its command meets before any other.</summary>
    public static StreamId Of(Sample sample, string step) => Known.GetOrAdd(sample.Name, _ =>
    {
        using var app = sample.App();
        var id = app.Start(sample.Definition, "requests", sample.Input);
        Sample.Drive(app, id);
        return app.Store.Ledger.Where(entry => entry.Key.StartsWith($"{id}:", StringComparison.Ordinal)).DistinctBy(entry => entry.Key)
            .ToDictionary(entry => entry.Key[(id.Length + 1)..], entry => entry.Stream);
    })[step];
}
