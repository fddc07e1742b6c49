using Atomic.EventSourcing;

namespace Atomic.Integration.TableStorage;

/// <summary>A topic without subscriptions.</summary>
internal sealed class Nobody : IEventPublisher
{
    public static readonly Nobody Listening = new();

    public Task PublishAsync(Commit commit, CancellationToken cancellation) => Task.CompletedTask;
}
