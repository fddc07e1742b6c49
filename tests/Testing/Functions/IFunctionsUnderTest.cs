using System.Net.Http.Json;
using Azure.Messaging.ServiceBus;

namespace Atomic.Testing.Functions;

/// <summary>The function classes of <c>App</c>, running on a Functions host: embedded here, or Azure's.</summary>
public interface IFunctionsUnderTest
{
    /// <summary>Reaches its routes, prefix included, so that a path is relative to it.</summary>
    HttpClient Http { get; }

    /// <summary>Reaches the queues and topics of <c>App/service-bus.json</c>.</summary>
    ServiceBusClient Bus { get; }
}

public static class FunctionsUnderTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The journal of a subject once it is as expected.</summary>
    public static async Task<IReadOnlyList<string>> JournalUntilAsync(
        this IFunctionsUnderTest functions, string subject, Func<IReadOnlyList<string>, bool> expected)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var entries = await functions.Http.GetFromJsonAsync<IReadOnlyList<string>>(new Uri($"journal/{subject}", UriKind.Relative));
            if (expected(entries!)) return entries!;
            if (patience.IsCancellationRequested) throw new TimeoutException($"{subject}: {string.Join("; ", entries!)}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public static Task<IReadOnlyList<string>> JournalUntilAsync(this IFunctionsUnderTest functions, string subject, int entries) =>
        functions.JournalUntilAsync(subject, seen => seen.Count >= entries);

    /// <summary>The next dead letter of a queue, completed.</summary>
    public static async Task<ServiceBusReceivedMessage> DeadLetterOfAsync(this IFunctionsUnderTest functions, string queue, string messageId)
    {
        await using var receiver = functions.Bus.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var message = await receiver.ReceiveMessageAsync(Patience, patience.Token) ?? throw new TimeoutException($"No dead letter in {queue}.");
            if (message.MessageId != messageId)
            {
                await receiver.AbandonMessageAsync(message);
                continue;
            }

            await receiver.CompleteMessageAsync(message);
            return message;
        }
    }

    public static string NewSubject() => Guid.NewGuid().ToString("N");
}
