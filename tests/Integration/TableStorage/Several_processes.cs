using Atomic.EventSourcing;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>Two processes on one store, each with a memory of its own.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Several_processes(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly EventContext Context = new("correlation", "causation");

    private readonly string _id = $"t-{Guid.NewGuid():N}";
    private Stores _here = null!;
    private Stores _elsewhere = null!;

    public async Task InitializeAsync()
    {
        (_here, _elsewhere) = (await Stores.NewAsync(azurite), await Stores.NewAsync(azurite));
        await DoAsync(_here, "first", _ => [new Counted(1)]);
        await DoAsync(_elsewhere, "second", _ => [new Counted(2)]);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    // As of a capture behind the pivot: refused on what the process remembered, which no write put right, it stayed parked for good.
    [Fact]
    public async Task Refuse_what_must_succeed_on_what_is_stored_alone()
    {
        var answer = await DoAsync(_here, "third", tally => tally.Sum == 3 ? [new Counted(1)] : [new CountRefused("Not yet.")]);

        Assert.True(answer.Accepted, answer.Reason);
    }

    [Fact]
    public async Task Fail_on_what_is_stored_alone()
    {
        var answer = await DoAsync(_here, "third", tally => tally.Sum == 3 ? [new Counted(1)] : throw new InvalidOperationException("Not yet."));

        Assert.True(answer.Accepted, answer.Reason);
    }

    [Fact]
    public async Task See_what_others_wrote_once_they_forget()
    {
        _here.Events.Forget(new StreamId(Tally.Category, _id));

        Assert.Equal(3, (await _here.Events.LoadAsync<Tally>(_id, likelyNew: false, default)).State.Sum);
    }

    private Task<Answer> DoAsync(Stores process, string command, Func<Tally, IReadOnlyList<IEvent>> decide) => new CommandHandler(process.Events, Nobody.Listening)
        .DoAsync(_id, new Invocation(command, Context) { MustSucceed = true }, decide, creates: false, default);
}
