using Atomic.Benchmarks.Couplings;
using Atomic.Benchmarks.DurableTask;
using Atomic.Benchmarks.ReadSide;
using Atomic.Benchmarks.ServiceBus;
using Atomic.Benchmarks.Shop;
using Atomic.Benchmarks.TableStorage;
using Atomic.Benchmarks.Verification;

// Each benchmark is called by its name: dotnet run -c Release --project tests/Benchmarks service-bus
var benchmarks = new Dictionary<string, Func<Task>>
{
    ["commands"] = CommandRates.RunAsync,
    ["couplings"] = CouplingRates.RunAsync,
    ["durable-task"] = OrchestrationRates.RunAsync,
    ["rebuild"] = RebuildRates.RunAsync,
    ["service-bus"] = BrokerRates.RunAsync,
    ["shop"] = PlacingOrders.RunAsync,
    ["storage"] = () => StorageRates.RunAsync(Console.Out),
    ["verify"] = VerifyingDefinitions.RunAsync,
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out var benchmark))
{
    Console.Error.WriteLine($"Name one of: {string.Join(", ", benchmarks.Keys)}");
    return 1;
}

await benchmark();
return 0;
