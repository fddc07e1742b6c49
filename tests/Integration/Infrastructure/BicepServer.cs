using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure;

/// <summary>
/// One Bicep process for all that is asked: it takes seconds to be ready, and then answers in tenths of one. It ends with this process, or when it
/// leaves a question without its answer: the next one is asked of another.
/// </summary>
internal sealed class BicepServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Func<BicepConversation> _begin;
    private BicepConversation? _current;

    public BicepServer(Func<BicepConversation> begin)
    {
        _begin = begin;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => GiveUp();
    }

    /// <exception cref="BicepRefusedException">Bicep answers with an error.</exception>
    /// <exception cref="OperationCanceledException">It does not answer within five minutes.</exception>
    public async Task<JsonObject> AskAsync(string method, object parameters, CancellationToken cancellation = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        await _turn.WaitAsync(limit.Token);
        try
        {
            _current ??= _begin();
            // Not every stream of a process can be told to stop reading.
            return await _current.AskAsync(method, parameters, limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is not BicepRefusedException)
        {
            GiveUp();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        GiveUp();
        _turn.Dispose();
    }

    private void GiveUp() => Interlocked.Exchange(ref _current, null)?.Dispose();
}
