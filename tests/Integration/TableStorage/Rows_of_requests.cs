using System.Text;
using Atomic.EventSourcing;
using Atomic.Testing.Azurite;
using Atomic.Testing.EventStore;
using Xunit;

namespace Atomic.Integration.TableStorage;

/// <summary>How many rows each path touches. These numbers are promised.</summary>
[Collection(AzuriteFixture.Collection)]
public sealed class Rows_of_requests(AzuriteFixture azurite) : IDisposable
{
    private static readonly EventContext Context = new("correlation", "causation");

    private readonly string _id = $"t-{Guid.NewGuid():N}";
    private readonly CountsRows _here = new();
    private readonly CountsRows _elsewhere = new();

    [Fact]
    public async Task Are_three_of_a_new_or_warm_stream_four_of_a_cold_one_and_two_of_a_command_again()
    {
        var (here, elsewhere) = (await StoresAsync(_here), await StoresAsync(_elsewhere));
        await DoAsync(here, $"{_id}-first", "makes the table", creates: true);

        Assert.Equal(3, await RowsAsync(_here, () => DoAsync(here, _id, "a", creates: true)));
        Assert.Equal(3, await RowsAsync(_here, () => DoAsync(here, _id, "b")));
        Assert.Equal(4, await RowsAsync(_elsewhere, () => DoAsync(elsewhere, _id, "c")));
        var third = await StoresAsync(_elsewhere);
        Assert.Equal(2, await RowsAsync(_elsewhere, () => DoAsync(third, _id, "c")));
    }

    [Fact]
    public async Task Is_one_to_ask_for_the_version_of_a_stream_that_is_remembered()
    {
        var here = await StoresAsync(_here);
        await DoAsync(here, _id, "a", creates: true);

        Assert.Equal(1, await RowsAsync(_here, () => here.Events.FindVersionAsync(new StreamId(Tally.Category, _id), default)));
    }

    public void Dispose()
    {
        _here.Dispose();
        _elsewhere.Dispose();
    }

    private Task<Stores> StoresAsync(CountsRows rows) => Stores.NewAsync(azurite, options => options.Handler = rows);

    private static async Task<int> RowsAsync(CountsRows rows, Func<Task> work)
    {
        var before = rows.Count;
        await work();
        return rows.Count - before;
    }

    private static Task<Answer> DoAsync(Stores stores, string id, string command, bool creates = false) =>
        new CommandHandler(stores.Events, Nobody.Listening)
            .DoAsync<Tally>(id, new Invocation(command, Context), _ => [new Counted(1)], creates, default);

    /// <summary>A row for each operation of a batch, and for each request that is none.</summary>
    private sealed class CountsRows() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Count { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count += request.RequestUri!.Segments[^1] == "$batch" ? OperationsOf(await request.Content!.ReadAsByteArrayAsync(cancellationToken)) : 1;
            return await base.SendAsync(request, cancellationToken);
        }

        private static int OperationsOf(byte[] batch) => Encoding.UTF8.GetString(batch).Split(" HTTP/1.1\r\n").Length - 1;
    }
}
