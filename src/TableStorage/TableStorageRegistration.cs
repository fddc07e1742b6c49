using Atomic.EventSourcing;
using Atomic.TableStorage.Requests;
using Atomic.TableStorage.Tables;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.TableStorage;

public static class TableStorageRegistration
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    // Less than the time after which Azure, and Azurite as the local host starts it, close an idle connection.
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Registers the event store, the read models and the projections' states on Table Storage. A <see cref="TimeProvider"/> must be there.</summary>
    /// <param name="connectionString">Of the account; where it is given, <paramref name="serviceUri"/> is not needed.</param>
    /// <param name="serviceUri">The account's table service, reached with <paramref name="credential"/>.</param>
    /// <exception cref="InvalidOperationException">Neither is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static IServiceCollection AddTableStorage(
        this IServiceCollection services,
        string? connectionString,
        Uri? serviceUri = null,
        TokenCredential? credential = null,
        Action<TableStorageOptions>? configure = null)
    {
        var options = new TableStorageOptions();
        configure?.Invoke(options);
        options.Check();
        var client = ClientOf(connectionString, serviceUri, credential, ClientOptions(options));
        services.AddSingleton(new TableSet(client));
        services.AddSingleton(options);
        services.AddSingleton<TableEventStore>();
        services.AddSingleton<IEventStore>(provider => provider.GetRequiredService<TableEventStore>());
        services.AddSingleton<IStreamScan>(provider => provider.GetRequiredService<TableEventStore>());
        services.AddSingleton<IReadModelStore, TableReadModels>();
        services.AddSingleton<IContinuations, TableContinuations>();
        services.AddSingleton<IProjectionStates, TableProjectionStates>();
        services.AddSingleton<ISubjectKeys, TableSubjectKeys>();
        return services;
    }

    private static TableServiceClient ClientOf(
        string? connectionString, Uri? serviceUri, TokenCredential? credential, TableClientOptions options)
    {
        if (!string.IsNullOrEmpty(connectionString)) return new TableServiceClient(connectionString, options);
        if (serviceUri is not null && credential is not null) return new TableServiceClient(serviceUri, credential, options);
        throw new InvalidOperationException(
            "Where the events are stored is not set: set EventStore to a connection string, or EventStore__tableServiceUri to the address "
            + "of an account's table service.");
    }

    private static TableClientOptions ClientOptions(TableStorageOptions options)
    {
        var handler = options.Handler ?? new SocketsHttpHandler
        {
            MaxConnectionsPerServer = options.Connections,
            PooledConnectionIdleTimeout = IdleConnection,
            ConnectTimeout = ConnectTimeout,
            UseCookies = false,
        };
        var client = new TableClientOptions
        {
            // The pipeline has a time limit for each try; the client's own would end a repetition that has just begun.
            Transport = new HttpClientTransport(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }),
        };
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = options.Retries;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = LongestRetryDelay;
        client.Retry.NetworkTimeout = options.TryTimeout;
        client.AddPolicy(new RequestCounter(), HttpPipelinePosition.PerRetry);
        return client;
    }
}
