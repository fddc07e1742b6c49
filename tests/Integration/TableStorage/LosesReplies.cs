namespace Atomic.Integration.TableStorage;

/// <summary>A network that loses the next replies after the server has done what it was asked, or lets nothing through at all.</summary>
internal sealed class LosesReplies() : DelegatingHandler(new SocketsHttpHandler())
{
    private int _toLose;

    public bool IsDown { get; set; }

    /// <summary>Done when a reply is lost: what others do before the sender tries again.</summary>
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;

    public void LoseNext(int replies = 1) => _toLose = replies;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsDown) throw new HttpRequestException("The network is down.");
        var reply = await base.SendAsync(request, cancellationToken);
        if (Interlocked.Decrement(ref _toLose) < 0) return reply;
        reply.Dispose();
        await Meanwhile();
        throw new HttpRequestException("The reply was lost.");
    }
}
