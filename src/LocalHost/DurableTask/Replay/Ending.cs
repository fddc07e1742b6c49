using Atomic.LocalHost.DurableTask.History;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>How an execution of an orchestrator ended.</summary>
internal abstract record Ending
{
    internal sealed record Completed(string? Output) : Ending;

    internal sealed record Failed(Failure Failure) : Ending;

    /// <param name="Version">The version to go on with; null for the same.</param>
    /// <param name="Kept">The events that the next execution finds.</param>
    internal sealed record ContinuedAsNew(string? Input, string? Version, IReadOnlyList<EventRaised> Kept) : Ending;
}
