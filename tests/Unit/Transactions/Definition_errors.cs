using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

/// <summary>What can be wrong with a definition, each by itself: that it is told, of which step, and that nothing else is.</summary>
public sealed class Definition_errors
{
    private sealed record Trip;

    private sealed record Book;

    private sealed record Cancel;

    private static readonly Retry Once = new(1, TimeSpan.Zero, TimeSpan.Zero);

    private static readonly Dictionary<string, (Func<DefinitionBuilder<Trip>, DefinitionBuilder<Trip>> Make, string[] Problems)> Wrong = new()
    {
        ["an unknown step"] = (
            trip => Undoable(trip, "hotel", "nowhere"),
            ["Step 'hotel' comes after 'nowhere', which is no step."]),
        ["a repeated step"] = (
            trip => Undoable(Undoable(trip, "hotel"), "hotel"),
            ["Step 'hotel' is there 2 times."]),
        ["a cycle"] = (
            trip => Undoable(Undoable(trip, "flight", "hotel"), "hotel", "flight"),
            ["Step 'flight' is on a cycle.", "Step 'hotel' is on a cycle."]),
        ["a step after itself"] = (
            trip => Undoable(trip, "hotel", "hotel"),
            ["Step 'hotel' is on a cycle."]),
        ["a step neither before nor after the pivot"] = (
            trip => Pivot(Undoable(Undoable(trip, "flight"), "hotel"), "flight"),
            ["Step 'hotel' is neither before nor after the pivot 'pay'."]),
        ["a compensatable step without compensation"] = (
            trip => Pivot(trip.ForwardOnly("hotel", "beds", _ => new Book()), "hotel"),
            ["Step 'hotel' is before the pivot and has no compensation."]),
        ["a forward-only step that can be refused"] = (
            trip => Pivot(trip).StepWithNothingToUndo("tell", "mail", _ => new Book()),
            ["Step 'tell' is after the pivot and can be refused."]),
        ["a forward-only step with a compensation"] = (
            trip => Undoable(Pivot(trip), "tell", "pay"),
            ["Step 'tell' is never undone and has the compensation 'Cancel'.", "Step 'tell' is after the pivot and can be refused."]),
        ["two pivots"] = (
            trip => Pivot(trip).Pivot("again", "bank", _ => new Book()),
            ["Step 'again' is declared as the pivot, and so is 'pay'.", "Step 'pay' is before the pivot and has no compensation."]),
        ["a deadline shorter than the retries before the pivot"] = (
            trip => Pivot(Undoable(trip, "hotel", new Retry(3, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5))), "hotel").Deadline(TimeSpan.FromSeconds(44)),
            ["The deadline of 00:00:44 is shorter than the 00:00:45 that the retries before the pivot can take."]),
        ["no attempts"] = (
            trip => Undoable(trip, "hotel", new Retry(0, TimeSpan.Zero, TimeSpan.Zero)),
            ["Step 'hotel' has 0 attempts, and needs at least one."]),
        ["no steps"] = (trip => trip, ["It has 0 steps, and needs 1 to 100."]),
    };

    public static TheoryData<string> Errors => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Errors))]
    public void Are_told_with_the_steps_name(string error)
    {
        var (make, problems) = Wrong[error];

        var told = Assert.Throws<DefinitionException>(() => make(new DefinitionBuilder<Trip>("trip", 1)).Build());

        Assert.Equal(problems.Order(StringComparer.Ordinal), told.Problems.Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.Contains(problem, told.Message, StringComparison.Ordinal));
        Assert.StartsWith("The definition 'trip' is wrong: ", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_not_what_is_declared_to_have_nothing_to_undo_or_fits_the_deadline()
    {
        var definition = Pivot(new DefinitionBuilder<Trip>("trip", 1).StepWithNothingToUndo("check", "beds", _ => new Book(), retry: Once), "check")
            .ForwardOnly("tell", "mail", _ => new Book())
            .Deadline(TimeSpan.FromSeconds(1))
            .Build();

        Assert.Equal([StepKind.Compensatable, StepKind.Pivot, StepKind.ForwardOnly], definition.Steps.Select(step => definition.KindOf(step.Name)));
    }

    [Fact]
    public void Of_a_step_that_has_nothing_to_undo_and_a_compensation_are_told()
    {
        var both = new StepDefinition("hotel", "beds", "Book", "Cancel", [], input => input, input => input) { NothingToUndo = true };

        var told = Assert.Throws<DefinitionException>(() => Definition.Build("trip", 1, typeof(Trip), [both], null));

        Assert.Equal(["Step 'hotel' has nothing to undo and has the compensation 'Cancel'."], told.Problems);
    }

    [Fact]
    public void Are_told_all_together()
    {
        var told = Assert.Throws<DefinitionException>(() => Pivot(Undoable(Undoable(Undoable(new DefinitionBuilder<Trip>("", 0), "hotel", "nowhere"), "aside"), "aside"))
            .StepWithNothingToUndo("tell", "mail", _ => new Book())
            .Build());

        Assert.Equal(
            [
                "It has no name.", "Its version is 0, and versions begin at 1.",
                "Step 'aside' is neither before nor after the pivot 'pay'.", "Step 'aside' is neither before nor after the pivot 'pay'.",
                "Step 'aside' is there 2 times.", "Step 'hotel' comes after 'nowhere', which is no step.",
                "Step 'hotel' is neither before nor after the pivot 'pay'.", "Step 'tell' is after the pivot and can be refused.",
            ],
            told.Problems.Order(StringComparer.Ordinal));
    }

    private static DefinitionBuilder<Trip> Undoable(DefinitionBuilder<Trip> trip, string step, params string[] after) => Undoable(trip, step, Once, after);

    private static DefinitionBuilder<Trip> Undoable(DefinitionBuilder<Trip> trip, string step, Retry retry, params string[] after) =>
        trip.Step(step, "beds", _ => new Book(), undoneBy: _ => new Cancel(), retry: retry, after: after);

    private static DefinitionBuilder<Trip> Pivot(DefinitionBuilder<Trip> trip, params string[] after) =>
        trip.Pivot("pay", "bank", _ => new Book(), retry: Once, after: after);
}
