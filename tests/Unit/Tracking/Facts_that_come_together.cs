using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Tracking;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Atomic.Unit.Coordination;
using Xunit;

namespace Atomic.Unit.Tracking;

/// <summary>Many facts of one transaction, heard at once in one process.</summary>
public sealed class Facts_that_come_together
{
    private static readonly Fact[] Facts =
        [new(FactKind.Started, ""), new(FactKind.Succeeded, "create-order"), new(FactKind.Succeeded, "reserve-stock"), new(FactKind.Succeeded, "book-shipment")];

    [Fact]
    public void Take_a_write_each_and_all_are_kept()
    {
        using var app = Shop.Open();
        var input = JsonSerializer.SerializeToElement(Shop.Order(), StorageJson.Options);
        var header = new TransactionHeader("t-1", "place-order", 1, Coupling.Events, input, app.Scheduler.Time.Now);
        var keeper = app.Get<ProgressKeeper>();
        var before = app.Points.Counts.GetValueOrDefault("write");

        app.Scheduler.Run(async () =>
        {
            await Task.WhenAll(Facts.Select(fact => keeper.HearAsync(
                new TransactionFact(header, fact, app.Scheduler.Time.Now, []) { Used = new Usage(Requests: 1) }, CancellationToken.None)));
            return true;
        });

        Assert.Equal(Facts.Length, app.Points.Counts["write"] - before);
        var known = app.Scheduler.Run(() => keeper.FindAsync(header, fresh: true, CancellationToken.None))!;
        Assert.Equal(Facts, known.Facts.Select(fact => fact.Fact));
        // What led to the facts, and a write for each.
        Assert.Equal(2 * Facts.Length, known.UsedBy(known.Replay(app.Get<TransactionCatalog>()).Status()).Requests);
    }
}
