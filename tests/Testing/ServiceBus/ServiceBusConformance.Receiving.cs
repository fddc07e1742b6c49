using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    private static readonly ServiceBusReceiverOptions DeletingOptions = new() { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete };

    [Fact]
    public async Task A_completed_message_is_gone()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain");

        await receiver.CompleteMessageAsync(await ReceiveAsync(receiver));

        Assert.Null(await receiver.PeekMessageAsync());
    }

    [Fact]
    public async Task A_locked_message_is_kept_from_other_receivers()
    {
        await SendAsync("plain", "a", "b");
        await using var first = Client.CreateReceiver("plain");
        await using var second = Client.CreateReceiver("plain");

        Assert.Equal("a", Body(await ReceiveAsync(first)));
        Assert.Equal("b", Body(await ReceiveAsync(second)));
        await AssertEmptyAsync(first);
    }

    [Fact]
    public async Task Any_receiver_of_the_entity_can_settle_a_message()
    {
        await SendAsync("plain", "a");
        await using var first = Client.CreateReceiver("plain");
        await using var second = Client.CreateReceiver("plain");

        await second.CompleteMessageAsync(await ReceiveAsync(first));

        Assert.Null(await first.PeekMessageAsync());
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_before_later_ones_and_is_counted()
    {
        await SendAsync("plain", "a", "b");
        await using var receiver = Client.CreateReceiver("plain");
        var first = await ReceiveAsync(receiver);

        await receiver.AbandonMessageAsync(first, new Dictionary<string, object> { ["tried"] = 1 });
        var again = await ReceiveAsync(receiver);

        Assert.Equal(("a", 2, first.SequenceNumber), (Body(again), again.DeliveryCount, again.SequenceNumber));
        Assert.Equal(1, again.ApplicationProperties["tried"]);
        Assert.NotEqual(first.LockToken, again.LockToken);
    }

    [Fact]
    public async Task A_waiting_receiver_is_woken_by_arrival()
    {
        await using var receiver = Client.CreateReceiver("plain");
        var waiting = ReceiveAsync(receiver);

        await SendAsync("plain", "a");

        Assert.Equal("a", Body(await waiting));
    }

    [Fact]
    public async Task Waiting_receivers_get_one_message_each()
    {
        await using var receiver = Client.CreateReceiver("plain");
        var waiting = Enumerable.Range(0, 5).Select(_ => ReceiveAsync(receiver)).ToList();

        await SendAsync("plain", "a", "b", "c", "d", "e");

        Assert.Equal(["a", "b", "c", "d", "e"], (await Task.WhenAll(waiting)).Select(Body).Order());
    }

    [Fact]
    public async Task Waiting_ends_with_nothing()
    {
        await AssertEmptyAsync(Client.CreateReceiver("plain"));

        var many = Client.CreateReceiver("plain").ReceiveMessagesAsync(5, Moment);
        await AdvanceAsync(Moment);
        Assert.Empty(await many.WaitAsync(Patience));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled_and_takes_no_message_with_it()
    {
        await using var receiver = Client.CreateReceiver("plain");
        using var cancellation = new CancellationTokenSource();
        var waiting = receiver.ReceiveMessageAsync(Patience, cancellation.Token);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await SendAsync("plain", "a");

        Assert.Equal(1, (await ReceiveAsync(receiver)).DeliveryCount);
    }

    [Fact]
    public async Task Many_are_received_at_once_up_to_what_is_there()
    {
        await SendAsync("plain", "a", "b", "c");
        await using var receiver = Client.CreateReceiver("plain");

        Assert.Equal(["a", "b"], (await receiver.ReceiveMessagesAsync(2, Patience)).Select(Body));
        Assert.Equal(["c"], (await receiver.ReceiveMessagesAsync(10, Patience)).Select(Body));
    }

    [Fact]
    public async Task Messages_can_be_received_as_a_stream()
    {
        await SendAsync("plain", "a", "b", "c");
        await using var receiver = Client.CreateReceiver("plain");

        var bodies = new List<string>();
        await foreach (var message in receiver.ReceiveMessagesAsync())
        {
            bodies.Add(Body(message));
            if (bodies.Count == 3) break;
        }

        Assert.Equal(["a", "b", "c"], bodies);
    }

    [Fact]
    public async Task Receive_and_delete_needs_no_settlement_and_allows_none()
    {
        await SendAsync("plain", "a");
        await using var receiver = Client.CreateReceiver("plain", DeletingOptions);

        var message = await ReceiveAsync(receiver);

        Assert.Null(await receiver.PeekMessageAsync());
        await Assert.ThrowsAsync<InvalidOperationException>(() => receiver.CompleteMessageAsync(message));
    }

    [Fact]
    public async Task Prefetched_messages_are_locked_ahead_and_handed_out_in_order()
    {
        await SendAsync("plain", "a", "b", "c");
        await using var receiver = Client.CreateReceiver("plain", new ServiceBusReceiverOptions { PrefetchCount = 10 });

        Assert.Equal("a", Body(await ReceiveAsync(receiver)));
        await AssertEmptyAsync(Client.CreateReceiver("plain"));
        Assert.Equal("b", Body(await ReceiveAsync(receiver)));
        Assert.Equal("c", Body(await ReceiveAsync(receiver)));
    }

    [Fact]
    public async Task An_entity_that_does_not_exist_has_nothing_to_receive()
    {
        await FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, false, () => Client.CreateReceiver("nowhere").ReceiveMessageAsync(Moment));
        await FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, false, () => Client.CreateReceiver("news", "nobody").ReceiveMessageAsync(Moment));
    }

    [Fact]
    public async Task What_was_closed_is_not_used_again()
    {
        await SendAsync("plain", "a");
        var (sender, receiver) = (Client.CreateSender("plain"), Client.CreateReceiver("plain"));
        var message = await ReceiveAsync(receiver);
        await sender.CloseAsync();
        await receiver.DisposeAsync();

        Assert.True(sender.IsClosed && receiver.IsClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sender.SendMessageAsync(new ServiceBusMessage("a")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiver.ReceiveMessageAsync(Moment));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiver.CompleteMessageAsync(message));
    }

    [Fact]
    public async Task What_a_closed_client_created_is_not_used_again()
    {
        var (sender, receiver) = (Client.CreateSender("plain"), Client.CreateReceiver("plain"));
        await Client.DisposeAsync();

        Assert.True(Client.IsClosed);
        Assert.Throws<ObjectDisposedException>(() => Client.CreateSender("plain"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sender.SendMessageAsync(new ServiceBusMessage("a")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiver.ReceiveMessageAsync(Moment));
    }
}
