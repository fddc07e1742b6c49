using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.Projections;

internal static class ProjectionRegistration
{
    public static IServiceCollection AddProjections(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<ProjectionMetrics>();
        services.AddSingleton<ProjectionLagProbe>();
        services.AddSingleton<ProjectionDirectory>();
        services.AddSingleton<ProjectionVersions>();
        services.AddSingleton<EventDelivery>();
        services.AddSingleton(typeof(Projector<,,>));
        services.AddSingleton(typeof(Rebuilder<,,>));
        services.AddSingleton(typeof(Scrubber<,,>));
        services.AddSingleton(typeof(ViewProjector<,,>));
        return services;
    }
}
