using Atomic.EventSourcing;
using Xunit;

namespace Atomic.Testing.EventStore;

/// <summary>What every <see cref="IContinuations"/> must hold.</summary>
public abstract class ContinuationsContract
{
    [Fact]
    public async Task Seal_SameScope_OpensToWhatWasSealed()
    {
        var (here, elsewhere) = await ContinuationsAsync();

        Assert.Equal("page 2", await elsewhere.OpenAsync(await here.SealAsync("page 2", "orders", default), "orders", default));
    }

    [Fact]
    public async Task Open_OtherScope_ThrowsContinuation()
    {
        var (here, _) = await ContinuationsAsync();
        var given = await here.SealAsync("page 2", "orders", default);

        await Assert.ThrowsAsync<ContinuationException>(async () => await here.OpenAsync(given, "payments", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("cGFnZSAy")]
    public async Task Open_NeverGiven_ThrowsContinuation(string continuation)
    {
        var (here, _) = await ContinuationsAsync();

        await Assert.ThrowsAsync<ContinuationException>(async () => await here.OpenAsync(continuation, "orders", default));
    }

    [Fact]
    public async Task Open_Changed_ThrowsContinuation()
    {
        var (here, _) = await ContinuationsAsync();
        var given = await here.SealAsync("page 2", "orders", default);

        await Assert.ThrowsAsync<ContinuationException>(async () => await here.OpenAsync($"{given}A", "orders", default));
    }

    /// <summary>One, and another of the same app in another process.</summary>
    protected abstract Task<(IContinuations Here, IContinuations Elsewhere)> ContinuationsAsync();
}
