using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Messaging;
using Atomic.Services.Approvals;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Shipping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Participants;

/// <summary>The participants, and what brings them their work. A new participant is one line here.</summary>
internal static class Registration
{
    public static void AddParticipants(this IServiceCollection services)
    {
        services.Add<OrderingHandlers>(OrderingParticipant.Of);
        services.Add<InventoryHandlers>(InventoryParticipant.Of);
        services.Add<PaymentsHandlers>(PaymentsParticipant.Of);
        services.Add<ShippingHandlers>(ShippingParticipant.Of);
        services.Add<ApprovalsHandlers>(ApprovalsParticipant.Of);
        services.Add(TravelParticipant.Of);
        services.Add(AccountsParticipant.Of);
        services.Add<CommitHandlers>(TransactionsParticipant.Of);

        services.AddSingleton<ParticipantDirectory>();
        services.AddSingleton(p => new FactPublisher(p.GetRequiredService<BusSenders>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<TransactionHandlers>();
        services.AddSingleton<StepMemory>();
        services.AddSingleton<Choreographer>();
        services.AddSingleton(p => new StepDelivery(
            p.GetRequiredService<ParticipantDirectory>(), p.GetRequiredService<Choreographer>(), p.GetRequiredService<CommandDelivery>(),
            p.GetRequiredService<ICommandBus>(), p.GetRequiredService<BusSenders>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<StepDelivery>>()));
    }

    private static void Add(this IServiceCollection services, Func<CommandHandler, Participant> participant) =>
        services.AddSingleton(provider => participant(provider.GetRequiredService<CommandHandler>()));

    private static void Add<THandlers>(this IServiceCollection services, Func<CommandHandler, THandlers, Participant> participant)
        where THandlers : class
    {
        services.AddSingleton<THandlers>();
        services.AddSingleton(provider => participant(provider.GetRequiredService<CommandHandler>(), provider.GetRequiredService<THandlers>()));
    }
}
