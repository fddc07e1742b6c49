using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.TableStorage.Export;

/// <summary>How an account is reached: by a connection string, or at an address by identity.</summary>
public sealed record StorageAddress(string? ConnectionString, string? ServiceUri);

public static class ExportRegistration
{
    /// <summary>The container that exports go to.</summary>
    public const string Container = "event-store";

    /// <summary>The container that the keys of people go to.</summary>
    public const string KeysContainer = "subject-keys";

    /// <summary>Registers the export of the event store, and the way back. Without a target it does nothing. A <see cref="TimeProvider"/> must be there.</summary>
    /// <param name="source">The account of the event store.</param>
    /// <param name="target">The account that is exported to, by <paramref name="credential"/> where there is no connection string.</param>
    public static IServiceCollection AddEventStoreExport(this IServiceCollection services, StorageAddress source, StorageAddress target, TokenCredential? credential) =>
        services
            .AddSingleton(provider => (Tables(source, credential), Blobs(target, Container, credential), Blobs(target, KeysContainer, credential)) is ({ } tables, { } blobs, { } keys)
                ? new EventStoreExport(tables, blobs, keys, provider.GetRequiredService<TimeProvider>())
                : EventStoreExport.Off(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(new EventStoreRestore(Tables(source, credential), Blobs(target, Container, credential), Blobs(target, KeysContainer, credential)));

    private static TableServiceClient? Tables(StorageAddress address, TokenCredential? credential) => address switch
    {
        { ConnectionString.Length: > 0 } => new TableServiceClient(address.ConnectionString),
        { ServiceUri: { } uri } when credential is not null => new TableServiceClient(new Uri(uri), credential),
        _ => null,
    };

    private static BlobContainerClient? Blobs(StorageAddress address, string container, TokenCredential? credential) => address switch
    {
        { ConnectionString.Length: > 0 } => new BlobContainerClient(address.ConnectionString, container),
        { ServiceUri: { } uri } when credential is not null => new BlobContainerClient(new Uri(new Uri(uri.TrimEnd('/') + "/"), container), credential),
        _ => null,
    };
}
