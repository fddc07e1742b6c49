using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.DeadLetters;

internal static class DeadLetterRegistration
{
    public static IServiceCollection AddDeadLetters(this IServiceCollection services)
    {
        services.AddSingleton<DeadLetterBox>();
        services.AddSingleton<DeadLetterDesk>();
        return services;
    }
}
