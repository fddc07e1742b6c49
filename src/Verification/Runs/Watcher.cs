using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Messaging;
using Atomic.Verification.Simulation;
using Azure.Messaging.ServiceBus;

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
    public TransactionView Find(string id) => OfFacts() ?? OfRequest(id) ?? throw new InvalidOperationException("The transaction cannot be found.");

    private void Hear(string path, ServiceBusMessage message)
    {
        if (path == Tracker && FactPublisher.IsFact(message.Subject)) _facts.Add(message);
    }

    private TransactionView? OfFacts()
    {
        var catalog = _app.Get<TransactionCatalog>();
        foreach (var message in _facts)
        {
            var heard = message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options)!.Data!.Value.Deserialize<TransactionFact>(StorageJson.Options)!;
            _progress = (_progress ?? new TransactionProgress(heard.Transaction, [])).With(heard, catalog);
        }

        _facts.Clear();
        if (_progress is not { Transaction: var transaction } known) return null;
        return TransactionView.Of(known, known.Replay(catalog), catalog.Pinned(transaction.Definition, transaction.Version), _app.Get<TransactionCosts>());
    }

    private TransactionView? OfRequest(string id) =>
        _app.Request(app => app.Get<TransactionReader>().FindAsync(app.Engine, id, CancellationToken.None))?.View;
}
