using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Ordering;
using Azure.Messaging.ServiceBus;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Operations;

/// <summary>Whether each thing that the app stands on answers.</summary>
public sealed record HealthReport(bool Healthy, IReadOnlyDictionary<string, string> Parts);

/// <summary>Asks storage, bus and engine a question each, as the app itself would.</summary>
public sealed class Health(IEventStore events, ServiceBusClient bus, TimeProvider time, ILogger<Health> logger)
{
    private const string Ok = "ok";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthReport> CheckAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var storage = AnswersAsync("storage", token => events.FindRecordAsync(new(Order.Category, "health"), "health", token), limit.Token);
        var broker = AnswersAsync("bus", PeekAsync, limit.Token);
        var engine = AnswersAsync("engine", token => client.GetInstanceAsync("health", token), limit.Token);
        var parts = new Dictionary<string, string> { ["host"] = Ok, ["storage"] = await storage, ["bus"] = await broker, ["engine"] = await engine };
        return new HealthReport(parts.Values.All(part => part == Ok), parts);
    }

    private async Task PeekAsync(CancellationToken cancellation)
    {
        await using var receiver = bus.CreateReceiver(BusNames.CommandsOf("ordering"));
        await receiver.PeekMessageAsync(cancellationToken: cancellation);
    }

    // Whatever the question ends in, the answer is the health of that part; the details go to the log and not to the caller.
    private async Task<string> AnswersAsync(string part, Func<CancellationToken, Task> ask, CancellationToken cancellation)
    {
        try
        {
            // Not everything that is asked heeds the token.
            await ask(cancellation).WaitAsync(cancellation);
            return Ok;
        }
        catch (Exception e)
        {
            Logs.PartUnhealthy(logger, part, e);
            return "does not answer";
        }
    }
}
