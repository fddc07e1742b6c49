using System.Net.Http.Json;
using Atomic.EventSourcing;
using Atomic.Services;
using Atomic.Services.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.Providers;

/// <summary>The payment provider over HTTP. It tries nothing twice by itself: the step's policy does, with the same key.</summary>
internal sealed class HttpPaymentProvider(HttpClient http) : IPaymentProvider
{
    public async Task<Authorization> AuthorizeAsync(string key, PaymentId payment, CardNumber card, Money amount, CancellationToken cancellation)
    {
        using var answer = await http.PutAsJsonAsync(
            PathOf(key), new { payment, card, amount }, StorageJson.Options, cancellation);
        return await ReadAsync(answer, cancellation);
    }

    public async Task<Authorization?> FindAsync(string key, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(PathOf(key), cancellation);
        return answer.StatusCode == System.Net.HttpStatusCode.NotFound ? null : await ReadAsync(answer, cancellation);
    }

    public async Task VoidAsync(string key, CancellationToken cancellation)
    {
        using var answer = await http.DeleteAsync(PathOf(key), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    private static Uri PathOf(string key) => new($"authorizations/{Uri.EscapeDataString(key)}", UriKind.Relative);

    private static async Task<Authorization> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<Authorization>(StorageJson.Options, cancellation)
            ?? throw new HttpRequestException("The payment provider's answer is null.");
    }
}

public static class PaymentProviderRegistration
{
    /// <summary>After that, whether the provider has done it is unknown.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const int LargestAnswer = 64 * 1024;

    /// <summary>Payments are authorized and voided at the provider that answers at <paramref name="address"/>.</summary>
    public static IServiceCollection AddPaymentProvider(this IServiceCollection services, Uri address)
    {
        services.AddHttpClient<IPaymentProvider, HttpPaymentProvider>(
                client => (client.BaseAddress, client.Timeout, client.MaxResponseContentBufferSize) = (address, Patience, LargestAnswer))
            // A card's number is sent to the address of the setting, and to none that an answer names.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        return services;
    }
}
