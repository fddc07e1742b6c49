using Atomic.EventSourcing;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Services;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Atomic.Unit.Coordination;

/// <summary>A participant that does not come to an end with a command.</summary>
public sealed class Steps_that_hang
{
    [Fact]
    public void Hold_up_their_queue_for_as_long_as_their_sender_waits_and_no_longer()
    {
        var hangs = true;
        using var app = new SimulatedApp(register: services => services.AddSingleton(provider => new ParticipantDirectory(
            provider.GetServices<Participant>().Select(participant => participant.Through((call, carryOut) =>
                hangs && call.Name == nameof(CreateOrder) ? new TaskCompletionSource<Answer>().Task : carryOut(call.Invocation))))));
        app.Seed("inventory", new AddStock(Shop.Tea, 5));
        app.Seed("payments", new RegisterCard(Shop.Card, new Money(100, "EUR")));
        var id = app.Start("place-order", Coupling.Commands, Shop.Order());

        app.Scheduler.RunFor(TimeSpan.FromSeconds(59));
        Assert.False(IsAnswered());
        app.Scheduler.RunFor(TimeSpan.FromSeconds(62));
        Assert.True(IsAnswered());

        hangs = false;
        Assert.Equal(TransactionState.Completed, app.RunToEnd(id).State);

        bool IsAnswered() => app.Scheduler.Trace.Any(happened => happened.StartsWith($"send transaction-replies {id}:create-order:Do:1", StringComparison.Ordinal));
    }
}
