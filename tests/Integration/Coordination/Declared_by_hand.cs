using System.Net;
using Atomic.EventSourcing;
using Atomic.Functions.Orchestration;
using Atomic.Services.Accounts;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>What a person declares of a step that nobody can carry out: a forward-only one done, and a pivot as the person knows it.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Declared_by_hand(ClassHost hosts) : IClassFixture<ClassHost>
{
    private const string Deposit = "deposit";
    private const string Receipt = "send-receipt";

    public static TheoryData<string> Couplings => [.. Coupling.All];

    public static TheoryData<string, string> CouplingsAndOutcomes
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var coupling in Coupling.All)
            {
                rows.Add(coupling, "done");
                rows.Add(coupling, "undone");
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task A_step_behind_the_pivot_is_done_without_its_effect(string coupling)
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, coupling);
        host.Store.On(transfer.KeyOf(Receipt), RecordState.None, RecordState.Done, Mishap.FailsBefore);
        await transfer.StartAsync();
        await transfer.ParkedAsync(Receipt);
        transfer.Heal(Receipt);
        var undone = await host.ProblemAsync(HttpStatusCode.BadRequest, $"{transfer.Url}/steps/{Receipt}/resolve", new { by = "ann", outcome = "undone" });
        Assert.True(undone.GetProperty("errors").TryGetProperty("outcome", out _));

        await host.AcceptedAsync($"{transfer.Url}/steps/{Receipt}/resolve", new { by = "ann", why = "sent by post" });
        await transfer.UntilAsync(TransactionState.Completed);

        Assert.Empty(transfer.Ledger.SelectMany(entry => entry.Events).OfType<ReceiptSent>());
        var asked = await transfer.AuditAsync("ResolutionRequested.v1");
        Assert.Equal(("ann", "sent by post", Receipt, true), (asked.By, asked.Why, asked.Step, asked.Data.GetProperty("done").GetBoolean()));
    }

    [Theory]
    [MemberData(nameof(CouplingsAndOutcomes))]
    public async Task A_pivot_of_which_nobody_knows_is_what_the_person_says(string coupling, string outcome)
    {
        var host = await hosts.StartedAsync();
        var transfer = await Transfer.NewAsync(host, coupling);
        host.Store.On(transfer.KeyOf(Deposit), RecordState.None, RecordState.Done, Mishap.FailsBefore);
        host.Store.On(transfer.KeyOf(Deposit), RecordState.None, RecordState.Undone, Mishap.FailsBefore);
        await transfer.StartAsync();
        await transfer.ParkedAsync(Deposit);
        transfer.Heal(Deposit);
        var unsaid = await host.ProblemAsync(HttpStatusCode.BadRequest, $"{transfer.Url}/steps/{Deposit}/resolve", new { by = "ann" });
        Assert.True(unsaid.GetProperty("errors").TryGetProperty("outcome", out _));

        await host.AcceptedAsync($"{transfer.Url}/steps/{Deposit}/resolve", new { by = "ann", why = "asked the bank", outcome });
        await transfer.UntilAsync(outcome == "done" ? TransactionState.Completed : TransactionState.Compensated);

        // Declared done, what it did is the bank's to book.
        Assert.Equal((outcome == "done" ? 70 : 100, 100), (await transfer.BalanceAsync("a"), await transfer.BalanceAsync("b")));
        var asked = await transfer.AuditAsync("ResolutionRequested.v1");
        Assert.Equal(("ann", "asked the bank", Deposit, outcome == "done"), (asked.By, asked.Why, asked.Step, asked.Data.GetProperty("done").GetBoolean()));
    }
}
