using Atomic.Functions.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Atomic.Functions.Overview;

internal static class OverviewRegistration
{
    // A person waits for the answer: two tries at most, and what is not there by then is left out.
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private const int LargestAnswer = 4 * 1024 * 1024;

    public static IServiceCollection AddOverview(this IServiceCollection services)
    {
        services.AddSingleton<ServiceAddresses>();
        services.AddSingleton<ServiceQueries>();
        services.AddSingleton<OrderOverviews>();
        foreach (var service in ServiceAddresses.Services)
        {
            services.AddHttpClient(ServiceQueries.ClientOf(service), (provider, client) =>
            {
                var addresses = provider.GetRequiredService<ServiceAddresses>();
                client.BaseAddress = addresses.Of(service);
                client.MaxResponseContentBufferSize = LargestAnswer;
                if (addresses.Key is { } key) client.DefaultRequestHeaders.Add("x-functions-key", key);
            })
            // A service says what it knows, and not where else to ask.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .AddHttpMessageHandler<AsTheCaller>()
            .AddStandardResilienceHandler(Configure);
        }

        return services;
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.TotalRequestTimeout.Timeout = ServiceQueries.Deadline;
        options.AttemptTimeout.Timeout = TryLimit;
        options.Retry.MaxRetryAttempts = 1;
        options.Retry.Delay = Pause;
        options.CircuitBreaker.SamplingDuration = 2 * ServiceQueries.Deadline;
    }
}
