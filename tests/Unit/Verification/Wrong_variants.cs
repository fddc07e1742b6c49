using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Verification;
using Atomic.Verification.Faults;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Unit.Verification;

/// <summary>Each mistake that one can make with a saga, made on purpose: it is found, and told with the run that shows it.</summary>
public sealed class Wrong_variants(ITestOutputHelper output)
{
    public static TheoryData<string> Couplings => [.. Coupling.All];

    [Fact]
    public Task An_undo_that_leaves_no_tombstone_is_found() =>
        IsFoundAsync(FaultClass.LateEffect, new Variant { Storage = store => new StoreWithoutTombstones(store) }, "has an effect, and the transaction is compensated");

    [Fact]
    public Task A_store_without_the_barrier_is_found() =>
        IsFoundAsync(FaultClass.DeliveredTwice, new Variant { Storage = store => new StoreWithoutRecords(store) }, "is done again");

    [Fact]
    public Task An_undo_that_has_its_effect_again_is_found() =>
        IsFoundAsync(FaultClass.DeliveredTwice, new Variant { Storage = store => new StoreThatForgetsUndos(store) }, "is undone again");

    [Fact]
    public Task An_unknown_outcome_that_is_taken_for_a_refusal_is_found() =>
        IsFoundAsync(FaultClass.FailsAfter, new Variant { Participants = WrongParticipants.TakeUnknownForRefused }, "has an effect, and the transaction is compensated");

    [Fact]
    public Task A_failed_undo_that_is_dropped_is_found() =>
        IsFoundAsync(FaultClass.UndoFails, new Variant { Participants = WrongParticipants.DropFailedUndos }, "has an effect, and the transaction is compensated");

    [Fact]
    public Task A_cancel_that_races_the_pivot_is_found() =>
        IsFoundAsync(FaultClass.Cancel, new Variant { Participants = WrongParticipants.CancelWithoutAsking }, "has an effect, and the transaction is compensated");

    [Fact]
    public Task A_timed_out_step_that_is_never_undone_is_found() =>
        IsFoundAsync(FaultClass.LateEffect, new Variant { Participants = WrongParticipants.NeverUndoTimedOut }, "has an effect, and the transaction is compensated");

    [Fact]
    public Task A_new_id_for_each_delivery_is_found() =>
        IsFoundAsync(FaultClass.DeliveredTwice, new Variant { Participants = WrongParticipants.NewIdEachTime() }, "is done again");

    [Fact]
    public Task An_answer_before_its_effect_is_found() =>
        IsFoundAsync(FaultClass.FailsBefore, new Variant { Participants = WrongParticipants.AnswerFirst }, "is done before");

    [Fact]
    public Task A_step_that_is_answered_when_half_of_it_is_done_is_found() =>
        IsFoundAsync(FaultClass.Crash, WrongParticipants.AnswerAfterTheFirstWrite(), "has no effect at paymentsCard", ShippedScenarios.ReturnOrder, Coupling.Requests);

    [Fact]
    public Task A_reply_that_is_matched_to_another_command_is_found() => IsFoundAsync(FaultClass.Refused,
        new Variant
        {
            Register = (services, types) =>
            {
                services.AddSingleton<IEnumerable<TransactionType>>(types);
                WrongParticipants.MismatchReplies(services);
            },
        },
        "has an effect, and the transaction is compensated", ShippedScenarios.BookTrip, "commands");

    [Theory]
    [MemberData(nameof(Couplings))]
    public Task A_cancel_that_is_ignored_is_found(string coupling) => IsFoundAsync(FaultClass.Cancel,
        new Variant
        {
            Register = (services, types) =>
            {
                services.AddSingleton<IEnumerable<TransactionType>>(types);
                WrongParticipants.IgnoreCancels(services);
            },
        },
        "it comes to rest as Completed (), and not as Compensated", couplings: coupling);

    [Theory]
    [MemberData(nameof(Couplings))]
    public Task A_deadline_that_is_ignored_is_found(string coupling) => IsFoundAsync(FaultClass.Deadline,
        new Variant { Register = (services, _) => services.AddSingleton<IEnumerable<TransactionType>>(ShippedDefinitions.All) },
        "it comes to rest as Completed (), and not as Compensated", couplings: coupling);

    private async Task IsFoundAsync(FaultClass kind, Variant variant, string what, Scenario? scenario = null, params string[] couplings)
    {
        var options = new VerificationOptions { Variant = variant, Kinds = [kind] };
        if (couplings.Length > 0) options = options with { Couplings = couplings };

        var verdict = await Verify.FindAsync(scenario ?? ShippedScenarios.TransferMoney, options);

        output.WriteLine(string.Join('\n', verdict.Violations.Take(3)));
        Assert.Contains(verdict.Violations, violation => violation.What.Any(said => said.Contains(what, StringComparison.Ordinal)));
        Assert.Contains("sequenceDiagram", verdict.Violations[0].Sequence, StringComparison.Ordinal);
    }
}
