using Atomic.EventSourcing;
using Atomic.Functions.Access;
using Atomic.Functions.Backups;
using Atomic.Functions.Bus;
using Atomic.Functions.Commands;
using Atomic.Functions.Control;
using Atomic.Functions.Costs;
using Atomic.Functions.DeadLetters;
using Atomic.Functions.Definitions;
using Atomic.Functions.Flows;
using Atomic.Functions.Http;
using Atomic.Functions.Operations;
using Atomic.Functions.Overview;
using Atomic.Functions.Participants;
using Atomic.Functions.Personal;
using Atomic.Functions.Projections;
using Atomic.Functions.Settings;
using Atomic.Functions.Tracking;
using Atomic.Functions.Watch;
using Atomic.Messaging;
using Atomic.TableStorage.Export;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Atomic.Functions;

/// <summary>All that the functions need, registered in one place for every host. The host adds the clock, the bus client and the event store.</summary>
public static class FunctionApp
{
    public static IServiceCollection AddAtomic(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => AppConfiguration.Read(provider.GetRequiredService<IConfiguration>()));
        services.AddAccess();
        // The app's only source of new ids; everything behind the edge derives its ids from these.
        services.AddSingleton<Func<Guid>>(Guid.CreateVersion7);
        services.AddSingleton<BusSenders>();
        services.AddSingleton<ICommandBus, ServiceBusCommandBus>();
        services.AddSingleton<IEventPublisher, ServiceBusEventPublisher>();
        services.AddSingleton<CommandHandler>();
        services.AddParticipants();
        services.AddSingleton<IEnumerable<TransactionType>>(ShippedDefinitions.All);
        services.AddSingleton<CommandRoutes>();
        services.AddSingleton<CommandDelivery>();
        services.AddProjections();
        services.AddCosts();
        services.AddDeadLetters();
        services.AddOverview();
        services.AddSingleton<PersonalData>();
        services.AddSingleton<ReadEdge>();
        services.AddSingleton<FlowCounts>();
        services.AddSingleton<FlowMap>();
        services.AddSingleton<TransactionCatalog>();
        services.TryAddSingleton<IVerdicts, NoVerdicts>();
        services.AddTracker();
        services.AddSingleton<TransactionReader>();
        services.AddSingleton<TransactionStarter>();
        services.AddSingleton<OrchestratedTransactions>();
        services.AddSingleton<AwaitedAnswers>();
        services.AddSingleton<Corrections>();
        services.AddSingleton<TransactionControl>();
        services.AddSingleton<ConsistencyTokens>();
        services.AddSingleton<Health>();
        services.AddSingleton<TransactionRepairs>();
        services.AddSingleton<OrchestrationRepair>();
        services.AddSingleton<LostWrites>();
        services.AddSingleton<RestoreMarks>();
        services.AddSingleton<TransactionWatch>();
        services.AddSingleton<ParkedSteps>();
        services.TryAddSingleton(EventStoreRestore.Off);
        services.TryAddSingleton(provider => EventStoreExport.Off(provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
