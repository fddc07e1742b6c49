using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_session_processor_handles_each_session_in_order()
    {
        var sent = Enumerable.Range(0, 30).Select(number => InSession($"s-{number % 3}", $"{number:D2}")).ToArray();
        await SendAsync("sessions", sent);
        var seen = new Collected<(string Session, string Body)>(Patience);
        await using var processor = Client.CreateSessionProcessor("sessions", new() { MaxConcurrentSessions = 3 });
        processor.ProcessMessageAsync += args => seen.AddAsync((args.SessionId, Body(args.Message)));
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        var bySession = (await seen.WaitAsync(30)).GroupBy(item => item.Session, item => item.Body).ToList();
        await processor.StopProcessingAsync();

        Assert.Equal(3, bySession.Count);
        Assert.All(bySession, session => Assert.Equal(session.Order(), session));
        Assert.Null(await Client.CreateReceiver("sessions").PeekMessageAsync());
    }

    [Fact]
    public async Task A_session_processor_goes_on_to_another_session_when_one_is_idle()
    {
        await SendAsync("sessions", InSession("one", "1"));
        var (seen, closed) = (new Collected<string>(Patience), new Collected<string>(Patience));
        await using var processor = Client.CreateSessionProcessor("sessions", new() { MaxConcurrentSessions = 1, SessionIdleTimeout = Idle });
        processor.SessionInitializingAsync += args => seen.AddAsync($"+{args.SessionId}");
        processor.ProcessMessageAsync += args => seen.AddAsync(Body(args.Message));
        processor.SessionClosingAsync += args => closed.AddAsync(args.SessionId);
        processor.ProcessErrorAsync += Unexpected;
        await processor.StartProcessingAsync();
        Assert.Equal(["+one", "1"], await seen.WaitAsync(2));

        await SendAsync("sessions", InSession("two", "a"));
        await UntilAsync(() => closed.Items.Count == 1);

        Assert.Equal(["+one", "1", "+two", "a"], await seen.WaitAsync(2));
        await processor.StopProcessingAsync();
        Assert.Equal(["one", "two"], closed.Items);
    }

    [Fact]
    public async Task A_session_can_be_released_by_its_handler()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("one", "2"), InSession("two", "a"));
        var seen = new Collected<string>(Patience);
        await using var processor = Client.CreateSessionProcessor("sessions", new() { MaxConcurrentSessions = 1 });
        processor.ProcessMessageAsync += args =>
        {
            args.ReleaseSession();
            return seen.AddAsync(Body(args.Message));
        };
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        Assert.Equal(["1", "a", "2"], await seen.WaitAsync(3));
        await processor.StopProcessingAsync();
    }

    [Fact]
    public async Task A_session_processor_can_be_held_to_some_sessions()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("two", "a"));
        var seen = new Collected<string>(Patience);
        await using var processor = Client.CreateSessionProcessor("sessions", new() { SessionIds = { "two" } });
        processor.ProcessMessageAsync += args => seen.AddAsync(Body(args.Message));
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        await seen.WaitAsync(1);
        await processor.StopProcessingAsync();

        Assert.Equal(["a"], seen.Items);
        Assert.Equal(["1"], (await Client.CreateReceiver("sessions").PeekMessagesAsync(10)).Select(Body));
    }

    [Fact]
    public async Task A_session_processor_gives_handlers_the_state_of_the_session()
    {
        await SendAsync("sessions", InSession("one", "1"), InSession("one", "2"));
        var seen = new Collected<string>(Patience);
        await using var processor = Client.CreateSessionProcessor("sessions");
        processor.ProcessMessageAsync += async args =>
        {
            var state = await args.GetSessionStateAsync();
            await args.SetSessionStateAsync(BinaryData.FromString($"{state}{Body(args.Message)}"));
            await seen.AddAsync($"{state}");
        };
        processor.ProcessErrorAsync += Unexpected;

        await processor.StartProcessingAsync();
        Assert.Equal(["", "1"], await seen.WaitAsync(2));
        await processor.StopProcessingAsync();

        await using var receiver = await Client.AcceptSessionAsync("sessions", "one");
        Assert.Equal("12", (await receiver.GetSessionStateAsync())!.ToString());
    }

    [Fact]
    public async Task A_session_processor_reports_what_its_handlers_fail_on()
    {
        await SendAsync("sessions", InSession("one", "1"));
        var errors = new Collected<ProcessErrorEventArgs>(Patience);
        await using var processor = Client.CreateSessionProcessor("sessions");
        processor.ProcessMessageAsync += _ => throw new TimeoutException("refused by the test");
        processor.ProcessErrorAsync += errors.AddAsync;

        await processor.StartProcessingAsync();
        Assert.All(await errors.WaitAsync(3), error => Assert.Equal(ServiceBusErrorSource.ProcessMessageCallback, error.ErrorSource));
        await processor.StopProcessingAsync();

        Assert.Equal("MaxDeliveryCountExceeded", (await ReceiveAsync(DeadLettersOf("sessions"))).DeadLetterReason);
    }

    /// <summary>Lets time pass until something has happened that takes time to begin with.</summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1_000, "It did not happen.");
            await AdvanceAsync(Moment);
        }
    }
}
