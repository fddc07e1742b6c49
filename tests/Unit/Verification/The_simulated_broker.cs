using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Verification.Simulation;
using Xunit;

namespace Atomic.Unit.Verification;

public sealed class The_simulated_broker
{
    // What is written together is published together, and the broker knew single messages only.
    [Fact]
    public void Takes_the_events_of_commands_that_are_committed_together()
    {
        using var app = new SimulatedApp();
        var commands = app.Get<CommandHandler>();

        app.Scheduler.Run(async () =>
        {
            foreach (var answer in Together()) Assert.True((await answer).Accepted);
            return true;
        });
        app.Scheduler.RunFor(TimeSpan.FromMinutes(1));

        Assert.Equal(3, app.Bus.Delivered["events/stock-levels"]);
        Assert.Empty(app.Bus.Failures);

        List<Task<Answer>> Together()
        {
            using var batch = commands.Gather();
            return [.. Enumerable.Range(1, 3).Select(i => commands.DoAsync<StockItem>(
                "tea", new Invocation($"c-{i}", new EventContext("t", "m")), _ => [new StockAdded(new Sku("tea"), i)], creates: true, CancellationToken.None))];
        }
    }
}
