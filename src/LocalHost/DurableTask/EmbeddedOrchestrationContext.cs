using System.Text;
using Atomic.LocalHost.DurableTask.History;
using Atomic.LocalHost.DurableTask.Replay;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.DurableTask;

/// <summary>What an orchestrator sees: itself, its time, and the calls that it may make. All of it comes from the history or goes into it.</summary>
internal sealed partial class EmbeddedOrchestrationContext : TaskOrchestrationContext
{
    private const int LongestStatus = 16 * 1024;

    private readonly OrchestrationIdentity _identity;
    private readonly OrchestratorScheduler _scheduler;
    private readonly DeterministicGuids _guids;
    private readonly Retries _retries;
    private readonly List<Decision> _decisions = [];
    private readonly List<int> _cancelled = [];
    private object? _status;
    private int _calls;
    private DateTime _now;
    private bool _replaying;

    public EmbeddedOrchestrationContext(OrchestrationIdentity identity, OrchestratorScheduler scheduler, ILoggerFactory logs)
    {
        _identity = identity;
        _scheduler = scheduler;
        _guids = new DeterministicGuids(identity.InstanceId);
        _retries = new Retries(this);
        LoggerFactory = logs;
        Events = new ExternalEvents(Converter, scheduler);
    }

    public static DataConverter Converter => JsonDataConverter.Default;

    public override TaskName Name => _identity.Name;

    public override string InstanceId => _identity.InstanceId;

    public override string Version => _identity.Version;

    public override ParentOrchestrationInstance? Parent => _identity.Parent;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => _replaying;

    internal OpenTasks Open { get; } = new();

    internal ExternalEvents Events { get; }

    /// <summary>What it goes on as, once its code returns.</summary>
    internal Successor? Successor { get; private set; }

    protected override ILoggerFactory LoggerFactory { get; }

    public override T? GetInput<T>() where T : default => Converter.Deserialize<T>(_identity.Input);

    public override Guid NewGuid() => _guids.Next(_now);

    public override void SetCustomStatus(object? customStatus)
    {
        StayHere();
        _status = customStatus;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        StayHere();
        var version = string.IsNullOrWhiteSpace(options.NewVersion) ? null : options.NewVersion;
        Successor = new Successor(Converter.Serialize(options.NewInput), version, options.PreserveUnprocessedEvents);
    }

    internal void Begin(DateTime at, bool replaying) => (_now, _replaying) = (at, replaying);

    internal IReadOnlyList<Decision> TakeDecisions() => Take(_decisions);

    internal IReadOnlyList<int> TakeCancelled() => Take(_cancelled);

    // Serialized when a step ends and not when it is set, as Microsoft's SDK does: the object may change until then.
    internal string? Status()
    {
        var status = Converter.Serialize(_status);
        return status is null || Encoding.Unicode.GetByteCount(status) <= LongestStatus
            ? status
            : throw new InvalidOperationException(
                $"The custom status has {Encoding.Unicode.GetByteCount(status)} bytes (UTF-16) and may have {LongestStatus}.");
    }

    private static T[] Take<T>(List<T> list)
    {
        if (list.Count == 0) return [];
        T[] taken = [.. list];
        list.Clear();
        return taken;
    }

    private TDecision Decide<TDecision>(Func<int, TDecision> call) where TDecision : Decision
    {
        StayHere();
        var decision = call(_calls++);
        _decisions.Add(decision);
        return decision;
    }

    private void StayHere()
    {
        if (!_scheduler.IsHere)
        {
            throw new InvalidOperationException(
                $"The context of orchestrator '{_identity.Name}' was used outside the orchestrator's own thread; "
                + "an orchestrator may await nothing but what its context gives.");
        }
    }
}

/// <summary>The execution that follows this one under the same id.</summary>
internal sealed record Successor(string? Input, string? Version, bool KeepsEvents);
