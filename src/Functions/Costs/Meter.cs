using Atomic.TableStorage.Requests;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Costs;

/// <summary>
/// Counts the requests to storage and the messages that are sent in the flow of execution which began it, until it is disposed of. Meters
/// nest, as the counts of requests do.
/// </summary>
internal sealed class Meter : IDisposable
{
    private static readonly AsyncLocal<Meter?> Ambient = new();

    private readonly Meter? _outer = Ambient.Value;
    private readonly RequestCount _requests = RequestCount.Begin();
    private int _sent;
    private int _delivered;

    private Meter() { }

    public Usage Used => new((int)_requests.Total, Volatile.Read(ref _sent), Volatile.Read(ref _delivered));

    public static Meter Begin() => Ambient.Value = new Meter();

    /// <summary>A message was sent that so many queues or subscriptions take.</summary>
    public static void Sent(int readers)
    {
        for (var meter = Ambient.Value; meter is not null; meter = meter._outer)
        {
            Interlocked.Increment(ref meter._sent);
            Interlocked.Add(ref meter._delivered, readers);
        }
    }

    public void Dispose()
    {
        _requests.Dispose();
        Ambient.Value = _outer;
    }
}
