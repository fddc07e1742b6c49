using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task A_processor_keeps_the_lock_while_its_handler_runs()
    {
        await SendAsync("plain", "a");
        var (entered, leave, deliveries) = (new TaskCompletionSource(), new TaskCompletionSource(), new Collected<int>(Patience));
        await using var processor = Client.CreateProcessor("plain");
        processor.ProcessMessageAsync += async args =>
        {
            await deliveries.AddAsync(args.Message.DeliveryCount);
            entered.TrySetResult();
            await leave.Task.WaitAsync(Patience);
        };
        processor.ProcessErrorAsync += Unexpected;
        await processor.StartProcessingAsync();
        await entered.Task.WaitAsync(Patience);

        await AdvanceAsync(3 * LockDuration);
        leave.SetResult();
        await processor.StopProcessingAsync();

        Assert.Equal([1], deliveries.Items);
        Assert.Null(await Client.CreateReceiver("plain").PeekMessageAsync());
    }

    [Fact]
    public async Task A_processor_that_may_not_renew_loses_the_lock_and_says_so()
    {
        await SendAsync("plain", "a");
        var (entered, leave) = (new TaskCompletionSource(), new TaskCompletionSource());
        var (lost, errors) = (new Collected<MessageLockLostEventArgs>(Patience), new Collected<ProcessErrorEventArgs>(Patience));
        await using var processor = Client.CreateProcessor("plain", new ServiceBusProcessorOptions { MaxAutoLockRenewalDuration = TimeSpan.Zero });
        processor.ProcessMessageAsync += async args =>
        {
            args.MessageLockLostAsync += lost.AddAsync;
            entered.TrySetResult();
            await leave.Task.WaitAsync(Patience);
        };
        processor.ProcessErrorAsync += errors.AddAsync;
        await processor.StartProcessingAsync();
        await entered.Task.WaitAsync(Patience);

        await AdvanceAsync(LockDuration + Moment);
        Assert.Equal("a", Body((await lost.WaitAsync(1))[0].Message));
        Assert.Equal(2, (await ReceiveAsync(Client.CreateReceiver("plain"))).DeliveryCount);
        leave.SetResult();
        var error = (await errors.WaitAsync(1))[0];
        await processor.StopProcessingAsync();

        Assert.Equal(ServiceBusErrorSource.Complete, error.ErrorSource);
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, Assert.IsType<ServiceBusException>(error.Exception).Reason);
    }

    [Fact]
    public async Task A_processor_stops_renewing_after_the_time_it_may()
    {
        await SendAsync("plain", "a");
        var (entered, leave, lost) = (new TaskCompletionSource(), new TaskCompletionSource(), new Collected<MessageLockLostEventArgs>(Patience));
        await using var processor = Client.CreateProcessor(
            "plain", new ServiceBusProcessorOptions { AutoCompleteMessages = false, MaxAutoLockRenewalDuration = LockDuration });
        processor.ProcessMessageAsync += async args =>
        {
            args.MessageLockLostAsync += lost.AddAsync;
            entered.TrySetResult();
            await leave.Task.WaitAsync(Patience);
        };
        processor.ProcessErrorAsync += Unexpected;
        await processor.StartProcessingAsync();
        await entered.Task.WaitAsync(Patience);

        await AdvanceAsync(LockDuration + Moment);
        Assert.Empty(lost.Items);
        await AdvanceAsync(2 * LockDuration);
        await lost.WaitAsync(1);
        leave.SetResult();
        await processor.StopProcessingAsync();
    }

    [Fact]
    public async Task A_session_processor_keeps_its_session_while_its_handler_runs()
    {
        await SendAsync("sessions", InSession("one", "1"));
        var (entered, leave, deliveries) = (new TaskCompletionSource(), new TaskCompletionSource(), new Collected<int>(Patience));
        await using var processor = Client.CreateSessionProcessor("sessions");
        processor.ProcessMessageAsync += async args =>
        {
            await deliveries.AddAsync(args.Message.DeliveryCount);
            entered.TrySetResult();
            await leave.Task.WaitAsync(Patience);
        };
        processor.ProcessErrorAsync += Unexpected;
        await processor.StartProcessingAsync();
        await entered.Task.WaitAsync(Patience);

        await AdvanceAsync(3 * LockDuration);
        leave.SetResult();
        await processor.StopProcessingAsync();

        Assert.Equal([1], deliveries.Items);
        Assert.Null(await Client.CreateReceiver("sessions").PeekMessageAsync());
    }

    [Fact]
    public async Task A_session_processor_that_may_not_renew_loses_the_session_and_says_so()
    {
        await SendAsync("sessions", InSession("one", "1"));
        var (entered, leave, lost) = (new TaskCompletionSource(), new TaskCompletionSource(), new Collected<string>(Patience));
        await using var processor = Client.CreateSessionProcessor("sessions", new() { MaxAutoLockRenewalDuration = TimeSpan.Zero, MaxConcurrentSessions = 1 });
        processor.ProcessMessageAsync += async args =>
        {
            args.SessionLockLostAsync += loss => lost.AddAsync(Body(loss.Message));
            entered.TrySetResult();
            await leave.Task.WaitAsync(Patience);
        };
        var errors = new Collected<ProcessErrorEventArgs>(Patience);
        processor.ProcessErrorAsync += errors.AddAsync;
        await processor.StartProcessingAsync();
        await entered.Task.WaitAsync(Patience);

        await AdvanceAsync(LockDuration + Moment);
        Assert.Equal(["1"], await lost.WaitAsync(1));
        leave.SetResult();
        var error = (await errors.WaitAsync(1))[0];
        await processor.StopProcessingAsync();

        Assert.Equal(ServiceBusFailureReason.SessionLockLost, Assert.IsType<ServiceBusException>(error.Exception).Reason);
    }
}
