using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Testing.Simulation;

internal sealed class SimulatedSender(SimulatedBus bus, string entity) : ServiceBusSender
{
    public override string EntityPath => entity;

    public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
        bus.SendAsync(entity, message, default);

    public override async Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        foreach (var message in messages) await bus.SendAsync(entity, message, default);
    }

    public override async Task<long> ScheduleMessageAsync(
        ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        await bus.SendAsync(entity, message, scheduledEnqueueTime);
        return 0;
    }

#pragma warning disable CA2215
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
}

public enum Settlement
{
    None,
    Completed,
    Abandoned,
    DeadLettered,
}

/// <summary>Settles one delivery; a settlement whose call fails did not happen.</summary>
public sealed class SimulatedActions(string path, Points points) : ServiceBusMessageActions
{
    public Settlement Settlement { get; set; }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync("complete", message, Settlement.Completed);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync("abandon", message, Settlement.Abandoned);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null, string? deadLetterReason = null,
        string? deadLetterErrorDescription = null, CancellationToken cancellationToken = default) =>
        SettleAsync("deadletter", message, Settlement.DeadLettered);

    private Task<Settlement> SettleAsync(string how, ServiceBusReceivedMessage message, Settlement settlement) =>
        points.PassAsync($"{how} {path} {message.MessageId}", () => Task.FromResult(Settlement = settlement));
}
