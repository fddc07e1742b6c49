using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Azure.Messaging.ServiceBus;
using Microsoft.DurableTask.Client;

namespace Atomic.Verification;

/// <summary>
/// How a transaction stands: as its engine says, or where nobody coordinates as its facts do. They are heard as the tracker hears them, and no
/// row of its own is kept: it takes no part, and would only make a run longer.
/// </summary>
internal sealed class Watcher
{
    private const string Tracker = $"events/{FactPublisher.Context}";

    private readonly SimulatedApp _app;
    private readonly List<ServiceBusMessage> _facts = [];
    private TransactionProgress? _progress;

    public Watcher(SimulatedApp app, string coupling)
    {
        _app = app;
        if (coupling == Coupling.Events) app.Bus.Passing = Hear;
    }

    /// <exception cref="InvalidOperationException">Nothing is known of it.</exception>
    public TransactionStatus Find(string id) =>
        OfFacts() ?? OfEngine(id) ?? OfRequest(id) ?? throw new InvalidOperationException("The transaction cannot be found.");

    private void Hear(string path, ServiceBusMessage message)
    {
        if (path == Tracker && FactPublisher.IsFact(message.Subject)) _facts.Add(message);
    }

    private TransactionStatus? OfFacts()
    {
        var catalog = _app.Get<TransactionCatalog>();
        foreach (var message in _facts)
        {
            var heard = message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options)!.Data!.Value.Deserialize<TransactionFact>(StorageJson.Options)!;
            _progress = (_progress ?? new TransactionProgress(heard.Transaction, [])).With(heard, catalog);
        }

        _facts.Clear();
        return _progress?.Replay(catalog).Status();
    }

    /// <summary>Of an orchestration that goes on, or has ended as it should.</summary>
    private TransactionStatus? OfEngine(string id) =>
        _app.Engine.Find(id)?.Describe() is { RuntimeStatus: not OrchestrationRuntimeStatus.Failed } instance ? instance.ReadCustomStatusAs<TransactionStatus>() : null;

    /// <summary>As whoever asks is told.</summary>
    private TransactionStatus? OfRequest(string id) =>
        _app.Request(app => app.Get<TransactionReader>().FindAsync(app.Engine, id, CancellationToken.None))?.View is { } view
            ? new TransactionStatus(
                view.State, view.Reason, view.StartedAt.UtcDateTime, [.. view.Steps.Select(step => new StepStatus(step.State, step.Attempts, null, null, step.Reason))], 0, view.Tokens)
            : null;
}
