using Atomic.Benchmarks.ServiceBus;
using Atomic.Benchmarks.Shop;

// Each benchmark is called by its name: dotnet run -c Release --project tests/Benchmarks service-bus
var benchmarks = new Dictionary<string, Func<Task>>
{
    ["service-bus"] = BrokerRates.RunAsync,
    ["shop"] = PlacingOrders.RunAsync,
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out var benchmark))
{
    Console.Error.WriteLine($"Name one of: {string.Join(", ", benchmarks.Keys)}");
    return 1;
}

await benchmark();
return 0;
