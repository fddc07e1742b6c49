using System.Text.Json;
using Atomic.Transactions;
using Atomic.Transactions.Costs;
using Xunit;

namespace Atomic.Unit.Transactions;

public sealed class Statuses
{
    [Fact]
    public void A_run_has_not_ended_while_a_record_is_still_asked()
    {
        var definition = new DefinitionBuilder<string>("one-step", version: 1)
            .Step("first", "here", input => input, undoneBy: input => input)
            .Build();
        var run = new TransactionRun(definition, default) { RecordsCommit = true };
        Assert.Equal("first", Assert.Single(run.TakeOwed(default)).Step.Name);
        Assert.Equal(StepDefinition.Commit, Assert.Single(run.TakeToSettle(default)).Name);

        run.Hear(new Fact(FactKind.Failed, "first", "no"), default);
        Assert.Equal((TransactionState.Compensated, false), (run.State, run.HasEnded));

        run.Hear(new Fact(FactKind.Failed, StepDefinition.Commit, "cancelled", Act.Refuse), default);
        Assert.True(run.HasEnded);
    }

    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void A_status_fits_into_the_custom_status_however_much_went_wrong()
    {
        var steps = Enumerable.Range(0, 100).Select(i => new StepDefinition($"a-rather-long-name-of-a-step-{i}", "here", "Do", "Undo", [], x => x, x => x));
        var run = new TransactionRun(Definition.Build("wide", 1, typeof(object), [.. steps], null), Start);
        run.TakeOwed(Start);
        run.Use(new Usage(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue));
        foreach (var (step, i) in run.Definition.Steps.Take(100).Select((step, i) => (step.Name, i)))
        {
            run.Tried(step);
            run.Hear(new Fact(FactKind.Failed, step, new string('ü', 500)), Start.AddDays(30), [$"inventoryStockItem:a-long-name-of-a-product-{i}@12345"]);
        }

        var json = JsonSerializer.Serialize(run.Status());

        Assert.True(json.Length <= TransactionStatus.MaxCharacters, $"{json.Length} characters");
        Assert.Equal(TransactionState.Compensated, JsonSerializer.Deserialize<TransactionStatus>(json)!.State);
        Assert.Equal(101, JsonSerializer.Deserialize<TransactionStatus>(json)!.Steps.Count);
    }

    [Fact]
    public void Times_are_milliseconds_since_the_start()
    {
        var run = new TransactionRun(Definition.Build("one", 1, typeof(object), [new("a", "here", "Do", "Undo", [], x => x, x => x)], null), Start);
        run.TakeOwed(Start.AddSeconds(1));
        run.Hear(new Fact(FactKind.Succeeded, "a"), Start.AddSeconds(3));

        Assert.Equal(new StepStatus(StepState.Succeeded, 0, 1000, 3000, null), run.Status().Steps[0]);
    }

    [Fact]
    public void Facts_heard_in_any_order_tell_the_same()
    {
        var definition = Definition.Build("one", 1, typeof(object), [new("a", "here", "Do", "Undo", [], x => x, x => x)], null);
        Fact[] facts =
        [
            new(FactKind.Succeeded, "a"), new(FactKind.Failed, "commit", "cancelled", Act.Refuse),
            new(FactKind.Parked, "a", "down", Act.Undo), new(FactKind.Undone, "a", Act: Act.Undo),
        ];

        foreach (var order in new[] { facts, [.. facts.Reverse()], [facts[2], facts[0], facts[3], facts[1]], [facts[1], facts[3], facts[0], facts[2]] })
        {
            var run = new TransactionRun(definition, Start);
            foreach (var fact in order) run.Hear(fact, Start);
            Assert.Equal((TransactionState.Compensated, "commit: cancelled", StepState.Undone), (run.State, run.Status().Reason, run.StateOf("a")));
        }
    }
}
