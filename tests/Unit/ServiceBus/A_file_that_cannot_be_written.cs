using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Atomic.Unit.ServiceBus;

/// <summary>A trigger in the file stands for a disk that is full: it refuses large messages, and the commit that they are part of.</summary>
public sealed class A_file_that_cannot_be_written : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFile _file = new();
    private readonly CollectedLog _log = new();

    private Broker _broker = null!;
    private ServiceBusClient _client = null!;

    public Task InitializeAsync() => OpenAsync();

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _file.Delete();
    }

    [Theory]
    [InlineData("ABORT")]
    [InlineData("ROLLBACK")]
    public async Task Refuses_what_it_could_not_keep_and_goes_on(string raise)
    {
        await RefuseLargeMessagesAsync(raise);
        await using var sender = _client.CreateSender("plain");
        await using var receiver = _client.CreateReceiver("plain");
        await sender.SendMessageAsync(new ServiceBusMessage("before"));

        var failure = await Assert.ThrowsAsync<ServiceBusException>(() => sender.SendMessageAsync(new ServiceBusMessage(new byte[100_000])));
        await sender.SendMessageAsync(new ServiceBusMessage("after"));

        Assert.Equal((ServiceBusFailureReason.ServiceCommunicationProblem, true), (failure.Reason, failure.IsTransient));
        Assert.Equal(["before", "after"], (await receiver.ReceiveMessagesAsync(10)).Select(message => message.Body.ToString()));
        Assert.Contains("could not be written", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_locks_and_waiting_receivers_with_it()
    {
        await RefuseLargeMessagesAsync("ABORT");
        await using var sender = _client.CreateSender("plain");
        await using var receiver = _client.CreateReceiver("plain");
        await sender.SendMessageAsync(new ServiceBusMessage("a"));
        var locked = await receiver.ReceiveMessageAsync(Patience);
        var waiting = receiver.ReceiveMessageAsync(Patience);

        await Assert.ThrowsAsync<ServiceBusException>(() => sender.SendMessageAsync(new ServiceBusMessage(new byte[100_000])));

        Assert.True((await Assert.ThrowsAsync<ServiceBusException>(() => waiting)).IsTransient);
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(locked!));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
        Assert.Equal(2, (await receiver.ReceiveMessageAsync(Patience))!.DeliveryCount);
    }

    private async Task RefuseLargeMessagesAsync(string raise)
    {
        await _broker.DisposeAsync();
        await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file.Path, Pooling = false }.ToString()))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                CREATE TRIGGER full BEFORE INSERT ON message WHEN length(NEW.content) > 50000
                BEGIN SELECT RAISE({raise}, 'the disk is full'); END
                """;
            await command.ExecuteNonQueryAsync();
        }

        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        _broker = await Broker.OpenAsync(_file.Path, Topology.Read(ServiceBusConformance.TopologyFile), TimeProvider.System, _log.Factory);
        _client = Connect(_broker);
    }

    private static EmbeddedServiceBusClient Connect(Broker broker) => new(broker);
}
