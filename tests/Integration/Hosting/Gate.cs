using System.Threading.Channels;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Integration.Hosting;

/// <summary>Lets a test see that a function has begun, and say when it may end.</summary>
public sealed class Gate
{
    private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns once for each call that has begun.</summary>
    public Task BegunAsync() => _begun.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(120));

    public void Open() => _open.TrySetResult();

    public async Task PassAsync(CancellationToken cancellation)
    {
        _begun.Writer.TryWrite(true);
        await _open.Task.WaitAsync(cancellation);
    }
}

public sealed class GatedFunctions(Gate gate)
{
    [Function(nameof(GetGated))]
    public async Task<IResult> GetGated([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "gated")] HttpRequest request, CancellationToken cancellation)
    {
        await gate.PassAsync(cancellation);
        return Results.Text($"passed {request.Path}");
    }

    [Function(nameof(TakeGated))]
    public Task TakeGated([ServiceBusTrigger("automatic", Connection = "Bus")] ServiceBusReceivedMessage message, CancellationToken cancellation) =>
        message.DeliveryCount == 1 ? gate.PassAsync(cancellation) : Task.CompletedTask;
}
