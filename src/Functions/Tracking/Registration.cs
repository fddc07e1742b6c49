using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.Tracking;

internal static class Registration
{
    public static void AddTracker(this IServiceCollection services)
    {
        services.AddSingleton<ProgressKeeper>();
        services.AddSingleton<TransactionSearch>();
        services.AddSingleton<TimelineReader>();
        services.AddSingleton<OpenTransactions>();
        services.AddSingleton<Reminders>();
        services.AddSingleton<FlowWatch>();
    }
}
