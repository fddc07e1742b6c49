using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task Every_subscription_gets_a_copy_of_what_its_filter_matches()
    {
        await SendAsync(
            "news",
            News("small order", "order", "eu", 10),
            News("large order", "order", "us", 500),
            News("large gossip", "gossip", "eu", 101),
            News("large elsewhere", "gossip", "asia", 1_000),
            new ServiceBusMessage("bare"));

        Assert.Equal(["small order", "large order", "large gossip", "large elsewhere", "bare"], await BodiesAsync("everything"));
        Assert.Equal(["small order"], await BodiesAsync("orders"));
        Assert.Equal(["large order", "large gossip"], await BodiesAsync("large"));
    }

    [Fact]
    public async Task Copies_are_settled_apart()
    {
        await SendAsync("news", News("a", "order", "eu", 500));
        await using var orders = Client.CreateReceiver("news", "orders");
        await using var large = Client.CreateReceiver("news", "large");

        await orders.CompleteMessageAsync(await ReceiveAsync(orders));

        await AssertEmptyAsync(orders);
        var copy = await ReceiveAsync(large);
        Assert.Equal(("a", 1), (Body(copy), copy.DeliveryCount));
        await large.DeadLetterMessageAsync(copy, "Unreadable");
        await using var dead = Client.CreateReceiver("news", "large", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("a", Body(await ReceiveAsync(dead)));
        Assert.Equal("news/Subscriptions/large/$DeadLetterQueue", dead.EntityPath, ignoreCase: true);
    }

    [Fact]
    public async Task A_copy_lives_as_long_as_message_topic_and_subscription_allow()
    {
        await SendAsync("news", News("a", "order", "eu", 10));
        await SendAsync("news", new ServiceBusMessage("b") { TimeToLive = TimeSpan.FromMinutes(3) });
        await using var everything = Client.CreateReceiver("news", "everything");

        Assert.Equal(TimeSpan.FromMinutes(5), (await Client.CreateReceiver("news", "orders").PeekMessageAsync())!.TimeToLive);
        Assert.Equal([10, 3], (await everything.PeekMessagesAsync(2)).Select(message => message.TimeToLive.TotalMinutes));
    }

    [Fact]
    public async Task A_message_scheduled_on_a_topic_reaches_its_subscriptions_at_its_time()
    {
        await using var sender = Client.CreateSender("news");
        var cancelled = await sender.ScheduleMessageAsync(News("cancelled", "order", "eu", 500), Now + Later);
        await sender.ScheduleMessageAsync(News("later", "order", "eu", 500), Now + Later);
        await sender.CancelScheduledMessageAsync(cancelled);

        await AssertEmptyAsync(Client.CreateReceiver("news", "everything"));
        await AdvanceAsync(Later);

        Assert.Equal(["later"], await BodiesAsync("everything"));
        Assert.Equal(["later"], await BodiesAsync("large"));
    }

    [Fact]
    public async Task A_subscription_with_sessions_delivers_by_session_and_buries_what_has_none()
    {
        await SendAsync(
            "news",
            new ServiceBusMessage("1") { SessionId = "one", ApplicationProperties = { ["ordered"] = true } },
            new ServiceBusMessage("stray") { ApplicationProperties = { ["ordered"] = true } });

        await using var receiver = await Client.AcceptNextSessionAsync("news", "sessions");
        Assert.Equal("1", Body(await ReceiveAsync(receiver)));
        await using var dead = Client.CreateReceiver("news", "sessions", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var stray = await ReceiveAsync(dead);
        Assert.Equal(("stray", "Session id is null."), (Body(stray), stray.DeadLetterReason));
    }

    [Fact]
    public async Task A_message_that_a_filter_cannot_judge_is_buried_in_that_subscription()
    {
        await SendAsync("news", new ServiceBusMessage("a") { ApplicationProperties = { ["amount"] = "much", ["region"] = "eu" } });

        Assert.Equal(["a"], await BodiesAsync("everything"));
        await using var dead = Client.CreateReceiver("news", "large", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("FilterException", (await ReceiveAsync(dead)).DeadLetterReason);
    }

    [Fact]
    public async Task Entities_are_found_in_any_case()
    {
        await SendAsync("NEWS", "a");

        Assert.Equal("a", Body(await ReceiveAsync(Client.CreateReceiver("News", "EVERYTHING"))));
    }

    private static ServiceBusMessage News(string body, string subject, string region, int amount) => new(body)
    {
        Subject = subject,
        ApplicationProperties = { ["region"] = region, ["amount"] = amount },
    };

    private async Task<IReadOnlyList<string>> BodiesAsync(string subscription)
    {
        await using var receiver = Client.CreateReceiver("news", subscription, DeletingOptions);
        return [.. (await receiver.ReceiveMessagesAsync(100, Patience).WaitAsync(Patience)).Select(Body)];
    }
}
