using System.Reflection;
using Atomic.EventSourcing;
using Atomic.Functions;
using Atomic.Functions.Participants;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification.Simulation;

/// <summary>
/// The app's own registration, read once for any number of processes: what there is one of in an app, each process has one of. What was
/// handed in as an object is the same in all of them.
/// </summary>
public sealed class SimulatedServices : IDisposable
{
    private static readonly string[] Platform = ["Microsoft.", "System."];

    private readonly ServiceProvider _provider;

    /// <param name="register">More of the app, or other parts: definitions, participants.</param>
    public SimulatedServices(Action<IServiceCollection> register)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddScoped<Own>();
        AddPart(services, parts => parts.Time);
        AddPart(services, parts => parts.Store);
        AddPart(services, parts => parts.Rows);
        AddPart(services, parts => parts.Scan);
        AddPart(services, parts => parts.Keys);
        AddPart(services, parts => parts.Continuations);
        AddPart(services, parts => parts.Projections);
        AddPart(services, parts => parts.Bus);
        services.AddAtomic();
        AddPart(services, parts => parts.NewId);
        services.AddSingleton(Surrounded);
        foreach (var type in FunctionTable.Classes) services.AddSingleton(type);
        register(services);
        for (var place = 0; place < services.Count; place++) services[place] = OfEachProcess(services[place]);
        _provider = services.BuildServiceProvider();
    }

    public void Dispose() => _provider.Dispose();

    internal IServiceScope Begin(ProcessParts parts)
    {
        var scope = _provider.CreateScope();
        scope.ServiceProvider.GetRequiredService<Own>().Parts = parts;
        return scope;
    }

    private static void AddPart<TPart>(IServiceCollection services, Func<ProcessParts, TPart> part) where TPart : class =>
        services.AddSingleton(provider => part(provider.GetRequiredService<Own>().Parts));

    private static ParticipantDirectory Surrounded(IServiceProvider provider)
    {
        var participants = provider.GetServices<Participant>();
        if (provider.GetRequiredService<Own>().Parts.Through is not { } through) return new ParticipantDirectory(participants);
        var commands = provider.GetRequiredService<CommandHandler>();
        return new ParticipantDirectory(participants.Select(one => one.Through((call, carryOut) => through(commands, call, carryOut))));
    }

    private static ServiceDescriptor OfEachProcess(ServiceDescriptor service) => service switch
    {
        { Lifetime: not ServiceLifetime.Singleton } or { IsKeyedService: true } => service,
        { ImplementationFactory: { } factory } when !IsOfPlatform(factory.Method) => ServiceDescriptor.Scoped(service.ServiceType, factory),
        { ImplementationType: { } type } when !IsOfPlatform(type) => ServiceDescriptor.Scoped(service.ServiceType, type),
        _ => service,
    };

    /// <summary>What belongs to the platform holds nothing of a run, and is costly to make.</summary>
    private static bool IsOfPlatform(MemberInfo made) =>
        Array.Exists(Platform, prefix => made.Module.Assembly.GetName().Name!.StartsWith(prefix, StringComparison.Ordinal));

    private sealed class Own
    {
        public ProcessParts Parts { get; set; } = null!;
    }
}

/// <summary>What a process of the app brings with it.</summary>
internal sealed record ProcessParts(
    TimeProvider Time, IEventStore Store, IReadModelStore Rows, IStreamScan Scan, ISubjectKeys Keys, IContinuations Continuations,
    IProjectionStates Projections, ServiceBusClient Bus, Func<Guid> NewId, Through? Through);

/// <summary>Stands before every participant: carries the call out, or does not.</summary>
public delegate Task<Answer> Through(CommandHandler commands, ParticipantCall call, Func<Invocation, Task<Answer>> carryOut);
