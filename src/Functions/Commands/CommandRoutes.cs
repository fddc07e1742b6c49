using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;

namespace Atomic.Functions.Commands;

/// <summary>Which handler takes a command that came over the bus.</summary>
public sealed class CommandRoutes(OrderingHandlers ordering, InventoryHandlers inventory, PaymentsHandlers payments)
{
    private const string QueueSuffix = "-commands";

    /// <summary>The context whose commands a queue carries; null when it carries none.</summary>
    public static string? ContextOf(string queue) => queue.EndsWith(QueueSuffix, StringComparison.Ordinal) ? queue[..^QueueSuffix.Length] : null;

    /// <exception cref="MalformedMessageException">The context has no such command, or its data do not fit.</exception>
    public Task<Answer> HandleAsync(string context, CommandMessage command, CancellationToken cancellation) =>
        HandleAsync(context, command, command.Invocation, cancellation);

    /// <summary>Publishes again what the command has written, if it has written anything, and does nothing else.</summary>
    /// <exception cref="MalformedMessageException">The context has no such command, or its data do not fit.</exception>
    public Task<Answer> RepeatAsync(string context, CommandMessage command, CancellationToken cancellation) =>
        HandleAsync(context, command, command.Invocation with { OnlyRepeats = true }, cancellation);

    private Task<Answer> HandleAsync(string context, CommandMessage command, Invocation invocation, CancellationToken cancellation) => (context, command.Name) switch
    {
        ("ordering", nameof(RegisterCustomer)) => ordering.HandleAsync(command.Read<RegisterCustomer>(), invocation, cancellation),
        ("ordering", nameof(EraseCustomer)) => ordering.HandleAsync(command.Read<EraseCustomer>(), invocation, cancellation),
        ("inventory", nameof(AddStock)) => inventory.HandleAsync(command.Read<AddStock>(), invocation, cancellation),
        ("payments", nameof(RegisterCard)) => payments.HandleAsync(command.Read<RegisterCard>(), invocation, cancellation),
        _ => throw new MalformedMessageException(command.Id, $"the context '{context}' has no command '{command.Name}'"),
    };
}
