using System.Globalization;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.ServiceBus;

public abstract partial class ServiceBusConformance
{
    [Fact]
    public async Task A_message_arrives_with_all_that_was_sent()
    {
        var sent = new ServiceBusMessage(BinaryData.FromBytes(new byte[] { 0, 255, 7 }))
        {
            MessageId = "m-1",
            SessionId = "s-1",
            ReplyToSessionId = "r-1",
            CorrelationId = "c-1",
            Subject = "subject",
            To = "to",
            ReplyTo = "reply",
            ContentType = "application/octet-stream",
            TimeToLive = TimeSpan.FromMinutes(7),
        };
        await SendAsync("plain", sent);

        var message = await ReceiveAsync(Client.CreateReceiver("plain"));

        Assert.Equal([0, 255, 7], message.Body.ToArray());
        Assert.Equal(("m-1", "s-1", "r-1", "c-1"), (message.MessageId, message.SessionId, message.ReplyToSessionId, message.CorrelationId));
        Assert.Equal(("subject", "to", "reply", sent.ContentType), (message.Subject, message.To, message.ReplyTo, message.ContentType));
        Assert.Equal(TimeSpan.FromMinutes(7), message.TimeToLive);
        Assert.Equal((1, ServiceBusMessageState.Active), (message.DeliveryCount, message.State));
        Assert.True(message.SequenceNumber > 0);
        Assert.InRange(message.EnqueuedTime, Now - Moment, Now + Moment);
        Assert.InRange(message.LockedUntil, Now + LockDuration - Moment, Now + LockDuration + Moment);
        Assert.Equal(message.EnqueuedTime + message.TimeToLive, message.ExpiresAt);
    }

    [Fact]
    public async Task Application_properties_keep_their_types()
    {
        var time = new DateTimeOffset(2026, 11, 25, 12, 30, 0, TimeSpan.Zero);
        object[] values =
        [
            "text", true, (byte)1, (sbyte)-2, (short)-3, (ushort)4, -5, 6U, -7L, 8UL, 1.5F, -2.5, 3.25m, 'x', Guid.NewGuid(), time, time.UtcDateTime,
            TimeSpan.FromSeconds(90), new Uri("https://example.com/a"),
        ];
        var sent = new ServiceBusMessage("body");
        foreach (var (index, value) in values.Index()) sent.ApplicationProperties.Add(index.ToString("D2", CultureInfo.InvariantCulture), value);
        await SendAsync("plain", sent);

        var message = await ReceiveAsync(Client.CreateReceiver("plain"));

        Assert.Equal(values, message.ApplicationProperties.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value));
    }

    [Fact]
    public async Task A_property_of_another_type_is_refused()
    {
        var message = new ServiceBusMessage { ApplicationProperties = { ["list"] = new List<int>() } };

        await Assert.ThrowsAnyAsync<SystemException>(() => SendAsync("plain", message));
        await AssertEmptyAsync(Client.CreateReceiver("plain"));
    }

    [Fact]
    public async Task A_message_without_an_id_gets_one()
    {
        await SendAsync("plain", "a", "b");

        var messages = await Client.CreateReceiver("plain").ReceiveMessagesAsync(2);

        Assert.All(messages, message => Assert.NotEmpty(message.MessageId!));
        Assert.NotEqual(messages[0].MessageId, messages[1].MessageId);
    }

    [Fact]
    public async Task Messages_arrive_in_the_order_in_which_they_were_sent()
    {
        string[] bodies = [.. Enumerable.Range(0, 50).Select(number => $"{number}")];
        foreach (var body in bodies) await SendAsync("plain", body);
        await using var receiver = Client.CreateReceiver("plain");

        var received = new List<ServiceBusReceivedMessage>();
        while (received.Count < bodies.Length) received.Add(await ReceiveAsync(receiver));

        Assert.Equal(bodies, received.Select(Body));
        Assert.Equal(received.Select(message => message.SequenceNumber).Order(), received.Select(message => message.SequenceNumber));
    }

    [Fact]
    public async Task What_is_sent_to_an_entity_that_does_not_exist_is_refused()
    {
        var failure = await FailsAsync(ServiceBusFailureReason.MessagingEntityNotFound, false, () => SendAsync("nowhere", "a"));

        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        await SendAsync("plain", new ServiceBusMessage(new byte[255 * 1024]));

        await FailsAsync(ServiceBusFailureReason.MessageSizeExceeded, false, () => SendAsync("plain", new ServiceBusMessage(new byte[256 * 1024])));
    }

    [Fact]
    public async Task Messages_sent_together_are_taken_all_or_none()
    {
        var half = () => new ServiceBusMessage(new byte[150 * 1024]);

        await FailsAsync(ServiceBusFailureReason.MessageSizeExceeded, false, () => SendAsync("plain", half(), half()));
        await AssertEmptyAsync(Client.CreateReceiver("plain"));
    }

    [Fact]
    public async Task A_batch_takes_what_fits_and_is_sent_as_one()
    {
        await using var sender = Client.CreateSender("plain");
        using var batch = await sender.CreateMessageBatchAsync();

        Assert.True(batch.TryAddMessage(new ServiceBusMessage(new byte[100 * 1024])));
        Assert.True(batch.TryAddMessage(new ServiceBusMessage(new byte[100 * 1024])));
        Assert.False(batch.TryAddMessage(new ServiceBusMessage(new byte[100 * 1024])));
        Assert.Equal(2, batch.Count);
        await sender.SendMessagesAsync(batch);

        Assert.Equal(2, (await Client.CreateReceiver("plain").ReceiveMessagesAsync(10)).Count);
    }

    [Fact]
    public async Task A_batch_can_be_made_smaller()
    {
        await using var sender = Client.CreateSender("plain");
        using var batch = await sender.CreateMessageBatchAsync(new CreateMessageBatchOptions { MaxSizeInBytes = 2_000 });

        Assert.Equal(2_000, batch.MaxSizeInBytes);
        Assert.False(batch.TryAddMessage(new ServiceBusMessage(new byte[2_000])));
    }

    [Fact]
    public async Task Nothing_to_send_is_nothing_done()
    {
        await using var sender = Client.CreateSender("plain");

        await sender.SendMessagesAsync([]);

        await AssertEmptyAsync(Client.CreateReceiver("plain"));
    }
}
