using System.Text.Json;
using Atomic.Messaging;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Orchestration;

/// <summary>What a person, or a deadline, asks of a running transaction.</summary>
public enum OrderKind
{
    Cancel,

    /// <summary>A parked step is to be tried again, perhaps with a corrected input.</summary>
    Retry,

    /// <summary>A parked step is declared done, or undone, by hand.</summary>
    Resolve,
}

/// <summary>An order to a running transaction, raised as an external event.</summary>
/// <param name="Step">The parked step; null for a cancel.</param>
/// <param name="Reason">Who and why, as it is shown.</param>
/// <param name="Input">The corrected input of the transaction, for this step alone.</param>
/// <param name="Done">For a resolution: whether it is declared done, or undone.</param>
public sealed record TransactionOrder(OrderKind Kind, string? Step, string Reason, JsonElement? Input = null, bool Done = false)
{
    /// <summary>Which correction of the step's input it is, by the transaction's log; null in orders of an earlier version of this code.</summary>
    public int? Edition { get; init; }
}

/// <summary>The external events of a transaction's orchestration: replies of participants, and orders.</summary>
internal sealed class Signals(TaskOrchestrationContext context) : IDisposable
{
    public const string ReplyEvent = "reply";
    public const string OrderEvent = "order";

    private readonly CancellationTokenSource _ended = new();
    private readonly ILogger _log = context.CreateReplaySafeLogger<Signals>();
    private Task<CommandReply>? _reply;
    private Task<TransactionOrder>? _order;

    /// <summary>The next reply and the next order. Each is awaited all the time, so that none is kept for a later wait that it does not fit.</summary>
    public IReadOnlyList<Task> Next()
    {
        _reply ??= context.WaitForExternalEvent<CommandReply>(ReplyEvent, _ended.Token);
        _order ??= context.WaitForExternalEvent<TransactionOrder>(OrderEvent, _ended.Token);
        return [_reply, _order];
    }

    public CommandReply? TakeReply() => Take(ref _reply);

    public TransactionOrder? TakeOrder() => Take(ref _order);

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <summary>What came; null when nothing did. What cannot be read was sent by nobody of ours, and is only told.</summary>
    private T? Take<T>(ref Task<T>? next) where T : class
    {
        if (next is not { IsCompleted: true } came) return null;
        next = null;
        if (came.IsCompletedSuccessfully) return came.Result;
        Logs.SignalUnreadable(_log, context.InstanceId, typeof(T).Name, came.Exception);
        return null;
    }
}
