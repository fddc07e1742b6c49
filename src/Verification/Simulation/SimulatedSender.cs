using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Verification.Simulation;

/// <summary>The broker as one process reaches it.</summary>
internal sealed class SimulatedConnection(SimulatedBus bus, Points process) : ServiceBusClient, IDisposable
{
    public override ServiceBusSender CreateSender(string queueOrTopicName) => new SimulatedSender(bus, process, queueOrTopicName);

    /// <summary>There is nothing to dispose of, and the client's own disposal belongs to a connection.</summary>
    public void Dispose()
    {
    }

#pragma warning disable CA2215
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
#pragma warning restore CA2215
}

internal sealed class SimulatedSender(SimulatedBus bus, Points process, string entity) : ServiceBusSender
{
    private const long MostBytes = 256 * 1024;

    private readonly ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

    public override string EntityPath => entity;

    public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
        bus.SendAsync(entity, message, default, process);

    public override async Task SendMessagesAsync(IEnumerable<ServiceBusMessage> messages, CancellationToken cancellationToken = default)
    {
        foreach (var message in messages) await bus.SendAsync(entity, message, default, process);
    }

    public override async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
    {
        if (!_batches.TryGetValue(messageBatch, out var messages)) throw new InvalidOperationException("The batch is none of this sender's.");
        foreach (var message in messages) await bus.SendAsync(entity, message, default, process);
    }

    public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default) =>
        CreateMessageBatchAsync(null, cancellationToken);

    public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
        CreateMessageBatchOptions? options, CancellationToken cancellationToken = default)
    {
        var (messages, size, limit) = (new List<ServiceBusMessage>(), 0L, options?.MaxSizeInBytes ?? MostBytes);
        var batch = ServiceBusModelFactory.ServiceBusMessageBatch(0, messages, new CreateMessageBatchOptions { MaxSizeInBytes = limit }, message =>
        {
            var added = message.Body.ToMemory().Length;
            if (size + added > limit) return false;
            size += added;
            return true;
        });
        _batches.Add(batch, messages);
        return ValueTask.FromResult(batch);
    }

    public override async Task<long> ScheduleMessageAsync(
        ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime, CancellationToken cancellationToken = default)
    {
        await bus.SendAsync(entity, message, scheduledEnqueueTime, process);
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
