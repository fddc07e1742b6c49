using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

public sealed class Shapes_of_definitions
{
    private sealed record Trip(bool WithCar = true, string From = "here");

    private sealed record Ride(string From);

    private sealed record Book;

    private sealed record Cancel;

    private sealed record Hire(string From);

    private sealed record Return(string From);

    private sealed record Pay;

    private sealed record Tell;

    private static DefinitionBuilder<Trip> Trips => new("trip", 1);

    private static Definition Rides => new DefinitionBuilder<Ride>("ride", 1)
        .Step("hire", "cars", r => new Hire(r.From), undoneBy: r => new Return(r.From))
        .Step("wash", "cars", r => new Hire(r.From), undoneBy: r => new Return(r.From), after: ["hire"])
        .Step("fuel", "cars", r => new Hire(r.From), undoneBy: r => new Return(r.From), after: ["hire"])
        .Build();

    [Fact]
    public void Without_a_pivot_a_commit_joins_every_branch()
    {
        var definition = Trips
            .Step("flight", "air", _ => new Book(), undoneBy: _ => new Cancel())
            .Step("hotel", "beds", _ => new Book(), undoneBy: _ => new Cancel(), after: [])
            .Build();

        Assert.Equal("commit", definition.Pivot);
        Assert.Equal(["flight", "hotel"], definition["commit"].After);
        Assert.Equal(StepKind.Pivot, definition.KindOf("commit"));
    }

    [Fact]
    public void A_step_comes_after_the_one_above_it_unless_it_says_otherwise()
    {
        var definition = Trips
            .Step("flight", "air", _ => new Book(), undoneBy: _ => new Cancel())
            .Step("hotel", "beds", _ => new Book(), undoneBy: _ => new Cancel(), after: [])
            .Pivot("pay", "bank", _ => new Pay(), after: ["flight", "hotel"])
            .ForwardOnly("tell", "mail", _ => new Tell())
            .Build();

        Assert.Equal(["flight", "hotel"], definition["pay"].After);
        Assert.Equal(["pay"], definition["tell"].After);
        Assert.True(definition.IsAfter("tell", "hotel"));
        Assert.False(definition.IsAfter("hotel", "flight"));
    }

    [Fact]
    public void A_conditional_step_is_there_or_its_neighbours_are_joined()
    {
        var definition = Trips
            .Step("flight", "air", _ => new Book(), undoneBy: _ => new Cancel())
            .Step("car", "cars", _ => new Book(), undoneBy: _ => new Cancel(), when: trip => trip.WithCar)
            .Pivot("pay", "bank", _ => new Pay())
            .Build();

        Assert.Same(definition, definition.For(new Trip()));
        var without = definition.For(new Trip(WithCar: false));
        Assert.Equal(["flight", "pay"], without.Steps.Select(step => step.Name));
        Assert.Equal(["flight"], without["pay"].After);
        Assert.Same(definition, without.Declared);
    }

    [Fact]
    public void A_step_that_its_condition_leaves_out_is_shown_as_skipped()
    {
        var definition = Trips
            .Step("car", "cars", _ => new Book(), undoneBy: _ => new Cancel(), when: trip => trip.WithCar)
            .Pivot("pay", "bank", _ => new Pay())
            .Build();

        var run = new TransactionRun(definition.For(new Trip(WithCar: false)), default);

        Assert.Equal([StepState.Skipped, StepState.Running], run.Status().Steps.Select(step => step.State));
    }

    [Fact]
    public void The_steps_of_a_nested_transaction_are_steps_of_the_outer_one()
    {
        var definition = Trips
            .Step("flight", "air", _ => new Book(), undoneBy: _ => new Cancel())
            .Nested("ride", Rides, trip => new Ride(trip.From))
            .Pivot("pay", "bank", _ => new Pay())
            .Build();

        Assert.Equal(["flight", "ride.hire", "ride.wash", "ride.fuel", "pay"], definition.Steps.Select(step => step.Name));
        Assert.Equal(["flight"], definition["ride.hire"].After);
        Assert.Equal(["ride.hire"], definition["ride.fuel"].After);
        Assert.Equal(["ride.wash", "ride.fuel"], definition["pay"].After);
        Assert.Equal(new Return("home"), definition["ride.fuel"].MakeCompensation!(new Trip(From: "home")));
    }

    [Fact]
    public void A_nested_transaction_can_be_conditional_and_first_and_last()
    {
        var definition = Trips.Nested("ride", Rides, trip => new Ride(trip.From), when: trip => trip.WithCar).Build();

        Assert.Equal(["ride.wash", "ride.fuel"], definition["commit"].After);
        Assert.Equal(["commit"], definition.For(new Trip(WithCar: false)).Steps.Select(step => step.Name));
    }

    [Fact]
    public void What_is_wrong_with_nesting_and_conditions_is_said_with_the_steps_name()
    {
        var paid = new DefinitionBuilder<Ride>("paid", 1).Pivot("pay", "bank", _ => new Pay()).Deadline(TimeSpan.FromHours(1)).Build();

        var problems = Assert.Throws<DefinitionException>(() => Trips
            .Nested("ride", paid, trip => new Trip(From: trip.From))
            .Step("Upper_case", "air", _ => new Book(), undoneBy: _ => new Cancel())
            .Decision("ask", "people", _ => new Tell(), limit: TimeSpan.Zero)
            .Step("slow", "air", _ => new Book(), undoneBy: _ => new Cancel(), retry: new Retry(1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero))
            .Pivot("pay", "bank", _ => new Pay())
            .Pivot("again", "bank", _ => new Pay())
            .Build()).Problems;

        Assert.Contains("Step 'ride' gives 'paid' a Trip, and it takes a Ride.", problems);
        Assert.Contains("Step 'ride' is the transaction 'paid', which has a pivot of its own: 'pay'.", problems);
        Assert.Contains("Step 'ride' is the transaction 'paid', which has a deadline of its own: 01:00:00.", problems);
        Assert.Contains("Step 'Upper_case' must be called by 1 to 60 lower-case letters, digits and hyphens.", problems);
        Assert.Contains("Step 'ask' waits 00:00:00 for a person, and needs a positive time.", problems);
        Assert.Contains("Step 'slow' has a time limit of 00:00:00, and needs a positive one.", problems);
        Assert.Contains("Step 'again' is declared as the pivot, and so is 'pay'.", problems);
    }

    [Fact]
    public void A_pivot_cannot_be_conditional_or_held_and_a_commit_must_not_be_faked()
    {
        StepDefinition Step(string name) => new(name, "here", "Do", null, [], input => input);

        Assert.Contains("conditional", Problem(Step("pay") with { When = _ => true }, "pay"), StringComparison.Ordinal);
        Assert.Contains("held", Problem(Step("pay") with { IsHeld = true }, "pay"), StringComparison.Ordinal);
        Assert.Contains("implicit pivot", Problem(Step("commit") with { NothingToUndo = true }, null), StringComparison.Ordinal);

        static string Problem(StepDefinition step, string? pivot) =>
            Assert.Single(Assert.Throws<DefinitionException>(() => Definition.Build("d", 1, typeof(object), [step], pivot)).Problems);
    }

    [Fact]
    public void A_deadline_is_held_against_the_longest_chain_and_not_the_sum()
    {
        var minute = new Retry(2, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        var trip = Trips
            .Step("flight", "air", _ => new Book(), undoneBy: _ => new Cancel(), retry: minute)
            .Step("hotel", "beds", _ => new Book(), undoneBy: _ => new Cancel(), retry: minute, after: [])
            .Decision("ask", "people", _ => new Tell(), TimeSpan.FromHours(1), after: ["flight", "hotel"]);

        Assert.Contains("01:01:00", Assert.Throws<DefinitionException>(() => trip.Deadline(TimeSpan.FromMinutes(60)).Build()).Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(61), trip.Deadline(TimeSpan.FromMinutes(61)).Build().Deadline);
    }
}
