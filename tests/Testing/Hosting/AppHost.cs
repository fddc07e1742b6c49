using System.Text.Json;
using Atomic.Functions;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.TableStorage;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Testing.Hosting;

/// <summary>The whole app on the embedded host in this process, with the settings of the repository.</summary>
public static class AppHost
{
    /// <param name="without">A function class that is not to run.</param>
    /// <param name="handler">What requests to Table Storage pass through; one that is a middleware as well stands before every function.</param>
    /// <param name="tables">How Table Storage is used, where not as by default.</param>
    /// <param name="settings">Settings beside those of the sample, or in their place.</param>
    public static Task<InProcessHost> StartAsync(
        string storage,
        Type? without = null,
        HttpMessageHandler? handler = null,
        Action<TableStorageOptions>? tables = null,
        params (string Name, string Value)[] settings)
    {
        var values = JsonSerializer.Deserialize<JsonElement>(Repository.Read(AppSettings.Sample)).GetProperty("Values").Deserialize<Dictionary<string, string>>()!;
        foreach (var (name, value) in settings) values[name] = value;
        return InProcessHost.StartAsync(
            typeof(FunctionApp).Assembly.GetExportedTypes().Where(type => type != without),
            HostSettings.Parse(Repository.Read("host.json")),
            AppSettings.Parse(AppSettings.Sample, JsonSerializer.Serialize(new { IsEncrypted = false, Values = values })),
            Repository.PathOf("infra/service-bus.json"),
            services =>
            {
                services.AddTableStorage(storage, configure: options =>
                {
                    options.Handler = handler;
                    tables?.Invoke(options);
                }).AddAtomic();
                if (handler is IFunctionsWorkerMiddleware counts) services.AddSingleton(counts);
            });
    }
}
