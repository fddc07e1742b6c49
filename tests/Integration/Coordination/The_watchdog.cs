using System.Net;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Functions.Tracking;
using Atomic.Messaging;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>Engine, bus and streams over the real host, each of which may lose what the others know: what stands still then is found, named, and repaired or raised.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class The_watchdog(AzuriteFixture azurite) : IDisposable
{
    private const string Restarted = "TransactionRestarted.v1";
    private const string Raised = "TransactionRaised.v1";
    private const string Reserve = "reserve-stock";

    private static readonly TimeSpan Late = Expectation.LimitOf(PlaceOrder.Definition[Reserve], Owed.Do, patience: null) + TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("atomic-watchdog-");
    private readonly string _number = Guid.NewGuid().ToString("N")[..12];
    private bool _strays;

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public async Task Begins_anew_what_the_engine_has_lost_and_nothing_is_done_twice(string coupling)
    {
        string id;
        await using (var before = await StartAsync())
        {
            id = (await before.TransferAsync(WatchedHost.Approved, coupling, _number)).Id;
            await before.WaitsForApprovalAsync(id);
            await before.Host.Host.UntilEmptyAsync("events", "transactions");
        }

        // Another folder: an engine and a bus that know nothing.
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await host.Host.Client.GetAsync(new Uri($"/api/transactions/{id}", UriKind.Relative))).StatusCode);
        await host.LookAsync();

        Assert.Equal(("TransactionRepaired.v1 Begin", "The engine does not know it, and it has not ended."), Told(Assert.Single(await host.ActsAsync(id, 1))));
        await host.UntilKnownAsync(id);
        var ended = await host.ApproveToEndAsync(id);
        Assert.Equal((WatchedHost.Approved, 1, coupling), (ended.Definition, ended.Version, ended.Coordination));
        Assert.Equal((70m, 130m), await host.BalancesAsync(_number));
        Assert.Equal(id, (await host.StartedAgainAsync(WatchedHost.Approved, coupling, _number)).Id);
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public async Task Tells_what_it_begins_anew_what_was_decided_before_and_nobody_decides_again(string coupling)
    {
        string id;
        await using (var before = await StartAsync(without: typeof(HandleRepliesFunction)))
        {
            id = (await before.TransferAsync(WatchedHost.Waiting, coupling, _number)).Id;
            await before.WaitsForApprovalAsync(id);
            await before.Host.AcceptedAsync($"/api/transactions/{id}/approvals/{WatchedHost.Approve}", new { approved = true, by = "ann" });
            await before.Host.UntilAsync(id, _ => before.Host.Store.LedgerOf(id).Any(entry => entry.Key == $"{id}:{WatchedHost.Approve}"));
            await before.Host.Host.UntilEmptyAsync("events", "transactions");
        }

        // Another folder: an engine and a bus that know nothing.
        await using var host = await StartAsync();
        await host.LookAsync();

        Assert.Equal("TransactionRepaired.v1 Begin", Assert.Single(await host.ActsAsync(id, 1)).What);
        await host.UntilKnownAsync(id);
        await host.Host.UntilAsync(id, found => found.State == TransactionState.Completed);
        Assert.Equal((100m, 130m), await host.BalancesAsync(_number));
    }

    [Theory]
    [InlineData(Coupling.Requests)]
    [InlineData(Coupling.Commands)]
    public async Task Tells_the_tracker_again_of_an_end_that_it_has_not_heard(string coupling)
    {
        await using var host = await StartAsync(without: typeof(TrackTransactionsFunction));
        var id = (await host.TransferAsync(WatchedHost.Straying, coupling, _number)).Id;
        await host.Host.UntilAsync(id, found => found.State == TransactionState.Completed);
        var lost = await RecordAsync(host.Host);
        Assert.Null((await ProgressAsync(host.Host, lost.Transaction))?.Status);

        await host.LookAsync();
        var told = await RecordAsync(host.Host);
        await host.Host.Get<ProgressKeeper>().HearAsync(told, default);

        Assert.Equal("TransactionRepaired.v1 Tell", Assert.Single(await host.ActsAsync(id, 1)).What);
        Assert.Equal(lost.Facts.Select(each => (each.Fact.Kind, each.Fact.Step)), told.Facts.Select(each => (each.Fact.Kind, each.Fact.Step)));
        Assert.Equal(TransactionState.Completed, (await ProgressAsync(host.Host, lost.Transaction))!.Status!.State);
        await host.LookAsync();
        await host.LookAsync();
        Assert.Single(await host.ActsAsync(id, 1));
    }

    [Fact]
    public async Task Begins_again_what_failed_and_it_completes_once_its_cause_is_gone()
    {
        _strays = true;
        await using var host = await StartAsync();
        var id = (await host.TransferAsync(WatchedHost.Straying, Coupling.Requests, _number)).Id;
        var first = await FailedAsync(host, id);
        await host.LookAsync();
        Assert.Equal((Restarted, "It strays."), Told(Assert.Single(await host.ActsAsync(id, 1))));
        await FailedAsync(host, id, after: first.EndedAt);

        _strays = false;
        await host.LookAsync();

        await host.Host.UntilAsync(id, found => found.State == TransactionState.Completed);
        Assert.Equal(2, (await host.ActsAsync(id, 2)).Count);
        Assert.Equal((70m, 130m), await host.BalancesAsync(_number));
    }

    // The broker takes what has an id that it knows for a repetition.
    [Fact]
    public async Task Begins_again_what_failed_and_its_commands_are_sent_anew()
    {
        _strays = true;
        await using var host = await StartAsync();
        var id = (await host.TransferAsync(WatchedHost.Straying, Coupling.Commands, _number)).Id;
        await FailedAsync(host, id);

        _strays = false;
        await host.LookAsync();

        var ended = await host.Host.UntilAsync(id, found => found.State == TransactionState.Completed);
        Assert.All(ended.Steps.Where(step => step.Participant == "accounts"), step => Assert.Equal(1, step.Attempts));
        Assert.Equal((70m, 130m), await host.BalancesAsync(_number));
    }

    [Fact]
    public async Task Calls_a_person_once_for_what_fails_again_and_again()
    {
        _strays = true;
        await using var host = await StartAsync();
        var id = (await host.TransferAsync(WatchedHost.Straying, Coupling.Requests, _number)).Id;
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await FailedAsync(host, id);
            await host.LookUntilActsAsync(id, attempt);
        }

        await host.LookAsync();
        await host.LookAsync();

        var acts = await host.ActsAsync(id, 4);
        Assert.Equal([Restarted, Restarted, Restarted, Raised], acts.Select(act => act.What));
        Assert.Equal("It was begun again 3 times, in vain: It strays.", acts[^1].Reason);
    }

    [Fact]
    public async Task Calls_a_person_for_what_was_terminated_or_suspended()
    {
        await using var host = await StartAsync();
        var terminated = (await host.TransferAsync(WatchedHost.Approved, Coupling.Requests, _number)).Id;
        var suspended = (await host.TransferAsync(WatchedHost.Approved, Coupling.Commands, $"{_number}-2")).Id;
        await host.WaitsForApprovalAsync(terminated);
        await host.WaitsForApprovalAsync(suspended);

        await host.Host.Host.Engine.TerminateInstanceAsync(terminated);
        await host.Host.Host.Engine.SuspendInstanceAsync(suspended);
        await host.Host.Host.Engine.WaitForInstanceCompletionAsync(terminated);
        var raised = await host.ActOnSilenceAsync(suspended, "when it was at 'approve' of approvals, and is Suspended.");

        Assert.Contains("terminated", Assert.Single(await host.ActsAsync(terminated, 1)).Reason, StringComparison.Ordinal);
        Assert.Equal(Raised, raised.What);
        await host.Host.Host.Engine.ResumeInstanceAsync(suspended);
        await host.ApproveToEndAsync(suspended);
    }

    [Fact]
    public async Task Calls_a_person_for_what_runs_and_says_nothing_and_names_its_step()
    {
        await using var host = await StartAsync(without: typeof(AccountsParticipant));
        var id = (await host.TransferAsync(WatchedHost.Slow, Coupling.Commands, _number)).Id;
        await host.Host.UntilAsync(id, found => found.Steps[0].State == StepState.Running);

        var raised = await host.ActOnSilenceAsync(id, "when it was at 'withdraw' of accounts.");

        Assert.Equal(Raised, raised.What);
    }

    [Fact]
    public async Task Reminds_a_participant_of_a_fact_that_was_lost_where_nobody_coordinates()
    {
        var id = await LoseAsync();
        await using var host = await StartAsync(_data.FullName);

        host.Leap(Late);

        Assert.Equal(("TransactionRepaired.v1 Remind", $"{Reserve}:Do"), Named(Assert.Single(await host.ActsAsync(id, 1))));
        await host.Host.UntilAsync(id, found => found.State == TransactionState.Completed);
        Assert.Single(host.Host.Store.LedgerOf(id), entry => entry.Key == $"{id}:{Reserve}");
    }

    [Fact]
    public async Task Calls_a_person_where_nobody_coordinates_and_the_participant_does_not_answer()
    {
        await using var host = await StartAsync(without: typeof(InventoryParticipant));
        var id = await PlaceAsync(host);
        host.Leap(Late);
        var overdue = (await host.Host.UntilAsync(id, found => found.Overdue is not null)).Overdue!;
        Assert.Equal(Reserve, overdue.Step);
        for (var look = 1; look <= 4; look++)
        {
            await host.ActsAsync(id, look);
            host.Leap(TimeSpan.FromSeconds(81));
        }

        var acts = await host.ActsAsync(id, 4);

        Assert.Equal(["TransactionRepaired.v1 Remind", "TransactionRepaired.v1 Remind", "TransactionRepaired.v1 Remind", Raised], acts.Select(act => act.What));
        Assert.StartsWith($"Its participant was reminded 3 times, in vain: Step '{Reserve}' of inventory is owed a Do", acts[^1].Reason, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private Task<WatchedHost> StartAsync(string? dataFolder = null, Type? without = null) => WatchedHost.StartAsync(azurite, () => _strays, dataFolder, without);

    private static (string What, string Reason) Told(Act act) => (act.What, act.Reason);

    private static (string What, string Run) Named(Act act) => (act.What, act.Run);

    private static Task<TransactionView> FailedAsync(WatchedHost host, string id, DateTimeOffset? after = null) =>
        host.Host.UntilAsync(id, found => found.State == TransactionState.NeedsAttention && found.EndedAt > (after ?? DateTimeOffset.MinValue));

    /// <summary>An order whose stock waits to be reserved.</summary>
    private async Task<string> PlaceAsync(WatchedHost host)
    {
        var sample = Sample.All["place-order"];
        await sample.SeedAsync(host.Host, _number);
        var id = (await host.Host.StartAsync("place-order", Coupling.Events, sample.Input(_number), _number)).Id;
        await host.Host.UntilAsync(id, found => found.Steps[0].State == StepState.Succeeded);
        return id;
    }

    /// <summary>Places an order, and loses the fact that asks for its stock.</summary>
    private async Task<string> LoseAsync()
    {
        await using var host = await StartAsync(_data.FullName, without: typeof(InventoryParticipant));
        var id = await PlaceAsync(host);
        await using var receiver = host.Host.Host.Bus.CreateReceiver("events", "inventory-steps");
        await receiver.CompleteMessageAsync(await receiver.ReceiveMessageAsync() ?? throw new TimeoutException("The fact has not come."));
        return id;
    }

    /// <summary>The next record of an end that is published. What else is, the tracker hears.</summary>
    private static async Task<TransactionRecord> RecordAsync(CoordinatedHost host)
    {
        await using var receiver = host.Host.Bus.CreateReceiver("events", "transactions");
        while (true)
        {
            var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(120)) ?? throw new TimeoutException("No record of an end.");
            await receiver.CompleteMessageAsync(message);
            if (FactPublisher.IsRecord(message.Subject)) return DataOf<TransactionRecord>(message);
            if (FactPublisher.IsFact(message.Subject)) await host.Get<ProgressKeeper>().HearAsync(DataOf<TransactionFact>(message), default);
        }
    }

    private static Task<TransactionProgress?> ProgressAsync(CoordinatedHost host, TransactionHeader transaction) =>
        host.Get<ProgressKeeper>().FindAsync(transaction, fresh: true, default);

    private static TData DataOf<TData>(ServiceBusReceivedMessage message) =>
        message.Body.ToObjectFromJson<CloudEvent>(StorageJson.Options)!.Data!.Value.Deserialize<TData>(StorageJson.Options)!;
}
