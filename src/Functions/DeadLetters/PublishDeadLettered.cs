using System.Collections.Concurrent;
using Atomic.Functions.Bus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.DeadLetters;

/// <summary>
/// A command that was parked after it had written its events, and before they were published, is published within seconds: others wait
/// for its events, and nobody may look at the dead letters for days.
/// </summary>
public sealed class PublishDeadLetteredFunction(DeadLetterBox box, DeadLetterDesk desk, ILogger<PublishDeadLetteredFunction> logger)
{
    // Published already by this process; after a restart once more, which is harmless.
    private readonly ConcurrentDictionary<DeadLetterId, bool> _published = new();

    [Function(nameof(PublishDeadLettered))]
    public async Task PublishDeadLettered(
        [TimerTrigger("*/15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var there = new HashSet<DeadLetterId>();
        foreach (var entity in BusTopology.Declared.Queues.Select(queue => new BusEntity(queue.Name, null)))
        {
            await foreach (var message in box.PeekAllAsync(entity, cancellation))
            {
                var id = new DeadLetterId(entity, message.SequenceNumber);
                there.Add(id);
                if (_published.ContainsKey(id)) continue;
                try
                {
                    await desk.PublishCommittedAsync(entity, message, client, cancellation);
                    _published[id] = true;
                }
                catch (Exception e) when (!cancellation.IsCancellationRequested)
                {
                    Logs.DeadLetterNotPublished(logger, id.ToString(), e);
                }
            }
        }

        foreach (var gone in _published.Keys.Where(id => !there.Contains(id))) _published.TryRemove(gone, out _);
    }
}
