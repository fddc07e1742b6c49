using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Functions.Access;

internal static class AccessRegistration
{
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddSingleton<IFunctionsWorkerMiddleware, RequestBounds>();
        services.AddSingleton<IFunctionsWorkerMiddleware, Authorization>();
        services.AddSingleton<IFunctionMetadataTransformer, EntraBindings>();
        services.AddTransient<AsTheCaller>();
        return services;
    }
}
