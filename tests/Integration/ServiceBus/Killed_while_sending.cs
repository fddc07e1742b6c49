using System.Diagnostics;
using System.Globalization;
using Atomic.LocalHost.ServiceBus;
using Atomic.Testing.ServiceBus;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using Xunit.Abstractions;

namespace Atomic.Integration.ServiceBus;

public sealed class Killed_while_sending(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atomic-");
    private readonly int _seed = Random.Shared.Next();

    private string BrokerFile => Path.Combine(_folder.FullName, "service-bus.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_broker_has_all_that_it_acknowledged_and_in_every_subscription()
    {
        output.WriteLine($"seed {_seed}");
        var random = new Random(_seed);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var (sent, settled) = await KilledAfterAsync(random.Next(50, 1_500));
            output.WriteLine($"kill {kill}: {sent.Count} sent, {settled.Count} settled");
            await AssertKeptAsync(sent, settled);
        }
    }

    /// <summary>What the process said before it was killed, some moment after it had said that many lines.</summary>
    private async Task<(HashSet<int> Sent, HashSet<int> Settled)> KilledAfterAsync(int lines)
    {
        using var process = Process.Start(new ProcessStartInfo(HostPath, [typeof(Killed_while_sending).Assembly.Location, nameof(Endless_sending), BrokerFile])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            var said = new List<string>();
            using var patience = new CancellationTokenSource(Patience);
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                said.Add(line);
                if (said.Count == lines) process.Kill();
            }

            Assert.Equal("ready", said[0]);
            return (Numbers(said, "sent "), Numbers(said, "settled "));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task AssertKeptAsync(HashSet<int> sent, HashSet<int> settled)
    {
        await using var broker = await Broker.OpenAsync(
            BrokerFile, Topology.Read(ServiceBusConformance.TopologyFile), TimeProvider.System, NullLoggerFactory.Instance);
        await using var client = new EmbeddedServiceBusClient(broker);
        var (everything, large) = (await DrainAsync(client, "everything"), await DrainAsync(client, "large"));

        // Each sender may have had one acknowledgement that it did not come to speak of.
        Assert.Empty(sent.Except(everything));
        Assert.InRange(everything.Count, sent.Count, sent.Count + Endless_sending.Senders);

        // All copies of a message are one commit: a copy that is missing was settled, and at most one without a word.
        Assert.Empty(large.Except(everything));
        Assert.Empty(settled.Intersect(large));
        Assert.Empty(everything.Except(large).Except(settled).Skip(1));
    }

    private static string HostPath => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private static HashSet<int> Numbers(IEnumerable<string> lines, string prefix) =>
        [.. lines.Where(line => line.StartsWith(prefix, StringComparison.Ordinal)).Select(line => int.Parse(line.AsSpan(prefix.Length), CultureInfo.InvariantCulture))];

    private static async Task<HashSet<int>> DrainAsync(ServiceBusClient client, string subscription)
    {
        await using var receiver = client.CreateReceiver(
            "news", subscription, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        var drained = new List<int>();
        while (await receiver.PeekMessageAsync(0) is not null)
            drained.AddRange((await receiver.ReceiveMessagesAsync(1_000)).Select(message => int.Parse(message.Body.ToString(), CultureInfo.InvariantCulture)));
        Assert.Equal(drained.Count, drained.Distinct().Count());
        return [.. drained];
    }
}
