using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus;

public sealed partial class Broker
{
    /// <summary>Runs <paramref name="work"/> in the broker's thread. The answer comes once all it did is written.</summary>
    internal Task<T> AskAsync<T>(Func<EntitySet, T> work) => AskAsync<T>((entities, reply) => reply.Give(work(entities)));

    /// <summary>The same for work that keeps the reply, and gives it later.</summary>
    internal Task<T> AskAsync<T>(Action<EntitySet, Reply<T>> work)
    {
        var reply = new Reply<T>(_decided);
        var isTaken = TryEnqueue(reply, entities =>
        {
            try
            {
                work(entities, reply);
            }
            catch (Exception e)
            {
                // Work looks before it changes anything, so a refusal leaves nothing behind.
                reply.Refuse(e);
            }
        });
        return isTaken ? reply.Task : throw new ObjectDisposedException(nameof(Broker));
    }

    /// <summary>Runs <paramref name="work"/> in the broker's thread, unless the broker has ended.</summary>
    internal void Tell(Action<EntitySet> work) => TryEnqueue(null, work);

    private bool TryEnqueue(Reply? reply, Action<EntitySet> work)
    {
        // The time is the asker's: whatever was asked before a moment is decided as of before it.
        var request = new Request(_time.GetUtcNow(), reply, work);
        lock (_requests)
        {
            if (_isDisposed) return false;
            _requests.Add(request);
            return true;
        }
    }

    private readonly record struct Request(DateTimeOffset At, Reply? Reply, Action<EntitySet> Work);
}
