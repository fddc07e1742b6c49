using Atomic.Functions.Bus;
using Atomic.Functions.Settings;
using Atomic.Services.Payments;
using Atomic.Transactions.Costs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.Costs;

internal static class Registration
{
    public static void AddCosts(this IServiceCollection services)
    {
        // Where there are no settings at all, nobody is charged: the list prices are as good as any.
        services.AddSingleton(provider =>
            provider.GetService<IConfiguration>() is null ? new PriceList() : provider.GetRequiredService<AppConfiguration>().Prices);
        services.AddSingleton(provider => new CostBasis(BusTopology.Declared.Readers, provider.GetService<IPaymentProvider>() is not null));
        services.AddSingleton<TransactionCosts>();
        services.AddSingleton<UnstatedUsage>();
    }
}
