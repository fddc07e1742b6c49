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

    /// <summary>Registers the export of the event store. Without a target it does nothing. A <see cref="TimeProvider"/> must be there.</summary>
    /// <param name="source">The account of the event store.</param>
    /// <param name="target">The account that is exported to, by <paramref name="credential"/> where there is no connection string.</param>
    public static IServiceCollection AddEventStoreExport(this IServiceCollection services, StorageAddress source, StorageAddress target, TokenCredential credential) =>
        services.AddSingleton(provider => (Tables(source, credential), Blobs(target, credential)) is ({ } tables, { } blobs)
            ? new EventStoreExport(tables, blobs, provider.GetRequiredService<TimeProvider>())
            : EventStoreExport.Off(provider.GetRequiredService<TimeProvider>()));

    private static TableServiceClient? Tables(StorageAddress address, TokenCredential credential) => address switch
    {
        { ConnectionString.Length: > 0 } => new TableServiceClient(address.ConnectionString),
        { ServiceUri: { } uri } => new TableServiceClient(new Uri(uri), credential),
        _ => null,
    };

    private static BlobContainerClient? Blobs(StorageAddress address, TokenCredential credential) => address switch
    {
        { ConnectionString.Length: > 0 } => new BlobContainerClient(address.ConnectionString, Container),
        { ServiceUri: { } uri } => new BlobContainerClient(new Uri(new Uri(uri.TrimEnd('/') + "/"), Container), credential),
        _ => null,
    };
}
