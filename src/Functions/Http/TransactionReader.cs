using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Costs;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Services;
using Atomic.Transactions;
using Microsoft.DurableTask.Client;

namespace Atomic.Functions.Http;

/// <summary>A transaction as it is found by its id, with what its steps are.</summary>
/// <param name="Header">Null when an orchestrator runs it.</param>
/// <param name="Progress">What the tracker has heard; null when that was not asked for, or is nothing yet.</param>
public sealed record FoundTransaction(
    TransactionView View, TransactionType Type, Definition Definition, string Fingerprint, TransactionHeader? Header, TransactionProgress? Progress)
{
    /// <summary>What it was started with.</summary>
    public required object Input { get; init; }

    public StepView? Find(string step) => View.Steps.FirstOrDefault(one => one.Name == step);
}

/// <summary>Finds transactions of all couplings: orchestrated ones in the engine, the others in their log and progress.</summary>
public sealed class TransactionReader(TransactionCatalog catalog, IEventStore events, ProgressKeeper progress, TransactionCosts costs)
{
    public async Task<FoundTransaction?> FindAsync(DurableTaskClient client, string id, CancellationToken cancellation) =>
        await InstanceOfAsync(client, id, cancellation) is { } instance
            ? Of(instance)
            : await FindUncoordinatedAsync(id, cancellation);

    /// <summary>The transaction with what the tracker has heard of it.</summary>
    /// <param name="fresh">Of an orchestrated one: what this process heard last is not enough.</param>
    public async Task<FoundTransaction?> FindTrackedAsync(DurableTaskClient client, string id, bool fresh, CancellationToken cancellation)
    {
        if (await InstanceOfAsync(client, id, cancellation) is not { } instance) return await FindUncoordinatedAsync(id, cancellation);
        var known = await progress.FindAsync(instance.ReadInputAs<TransactionStart>()!.ToHeader(id), fresh, cancellation);
        var found = Of(instance, known?.Tracked ?? 0);
        return found with { Progress = known, View = found.View with { Overdue = known?.Overdue } };
    }

    /// <summary>Rebuilds of projections are orchestrations, too.</summary>
    public static bool IsTransaction(OrchestrationMetadata instance) => instance.Name == nameof(TransactionOrchestrator.RunTransaction);

    /// <param name="tracked">How many requests it took to keep what is known to who watches.</param>
    public FoundTransaction Of(OrchestrationMetadata instance, int tracked = 0)
    {
        var start = instance.ReadInputAs<TransactionStart>()!;
        var type = catalog.Pinned(start.Definition, start.Version);
        var input = type.Restore(start.Input);
        return new FoundTransaction(TransactionView.Of(instance, catalog, costs, tracked), type, type.Definition.For(input), start.Fingerprint, null, null)
        {
            Input = input,
        };
    }

    public async Task<FoundTransaction?> FindUncoordinatedAsync(string id, CancellationToken cancellation)
    {
        if (Id.Problem(id) is not null) return null;
        var log = (await events.LoadAsync<TransactionLog>(id, likelyNew: false, cancellation)).State;
        if (log.Header is not { } header) return null;
        var known = await progress.FindAsync(header, fresh: true, cancellation) ?? new TransactionProgress(header, []);
        return Of(known, log.Fingerprint!);
    }

    /// <summary>A transaction that the tracker knows; while an orchestrator runs it, as that knows it.</summary>
    public async Task<TransactionView> ShowAsync(DurableTaskClient client, TransactionProgress known, CancellationToken cancellation)
    {
        var view = Of(known, "").View;
        if (view.EndedAt is not null || known.Transaction.Coordination == Coupling.Events) return view;
        return await client.GetInstanceAsync(view.Id, getInputsAndOutputs: true, cancellation) is { } instance
            ? TransactionView.Of(instance, catalog, costs, known.Tracked) with { Overdue = known.Overdue }
            : view;
    }

    private static async Task<OrchestrationMetadata?> InstanceOfAsync(DurableTaskClient client, string id, CancellationToken cancellation) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellation) is { } instance && IsTransaction(instance) ? instance : null;

    private FoundTransaction Of(TransactionProgress known, string fingerprint)
    {
        var type = catalog.Pinned(known.Transaction.Definition, known.Transaction.Version);
        var run = known.Replay(catalog);
        var view = TransactionView.Of(known, run, type, costs);
        return new FoundTransaction(view, type, run.Definition, fingerprint, known.Transaction, known) { Input = type.Restore(known.Transaction.Input) };
    }
}
