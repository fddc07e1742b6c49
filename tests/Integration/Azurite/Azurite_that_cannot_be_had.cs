using System.Net;
using System.Net.Sockets;
using Atomic.LocalHost.Azurite;
using Atomic.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Integration.Azurite;

/// <summary>Each ends in one sentence that says what is wrong and the way out.</summary>
public sealed class Azurite_that_cannot_be_had : IDisposable
{
    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Without_Node()
    {
        var said = await FailureAsync(_sandbox.Options(searchPath: _sandbox.PathOf("empty")));

        Assert.StartsWith("'node' is not on the PATH", said, StringComparison.Ordinal);
        Assert.Contains("install Node.js", said, StringComparison.Ordinal);
        Assert.Contains("--storage CONNECTION", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_npm_fails()
    {
        _sandbox.PutNpm("", "console.error('npm error network unreachable'); process.exit(7);");

        var said = await FailureAsync(_sandbox.Options());

        Assert.StartsWith("npm could not install azurite@3.37.0 (exit code 7: npm error network unreachable)", said);
        Assert.Contains("try again", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nServer: Azurite-Blob/3.37.0\r\nContent-Length: 0\r\n\r\n")]
    public async Task When_something_else_listens_on_its_port(string answer)
    {
        var options = _sandbox.Options();
        using var listener = new TcpListener(IPAddress.Loopback, options.TablePort);
        listener.Start();
        var answering = AnswerAsync(listener, answer);

        var said = await FailureAsync(options);
        listener.Stop();
        await answering;

        Assert.StartsWith($"Port {options.TablePort}, which Azurite's Table service needs, is taken by something", said);
        Assert.Contains("--storage CONNECTION", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_ends_at_once()
    {
        _sandbox.PutNpm("console.error('Exit due to a bad day'); process.exit(3);");

        var said = await FailureAsync(_sandbox.Options());

        Assert.StartsWith("Azurite ended with exit code 3 before it answered (Exit due to a bad day)", said, StringComparison.Ordinal);
        Assert.Contains(_sandbox.PathOf("data"), said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Installed_by_two_at_once_is_installed_once()
    {
        _sandbox.PutNpm("process.exit(3);");
        var first = _sandbox.Options();
        var second = _sandbox.Options();

        await Task.WhenAll(FailureAsync(first), FailureAsync(second));

        Assert.Equal(1, _sandbox.NpmRuns());
    }

    [Fact]
    public async Task Is_installed_whole_after_an_installation_that_was_cut_short()
    {
        _sandbox.PutNpm("process.exit(3);", "while (true);");
        var options = _sandbox.Options();
        using var cancellation = new CancellationTokenSource();
        var cut = AzuriteServer.StartAsync(options, _ => { }, TimeProvider.System, cancellation.Token);
        await Eventually.HoldsAsync(() => _sandbox.NpmRuns() == 1, "npm runs");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cut);

        _sandbox.PutNpm("process.exit(4);");
        var said = await FailureAsync(options);

        Assert.StartsWith("Azurite ended with exit code 4", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_it_waits_for_after_two_seconds()
    {
        var go = _sandbox.PathOf("go");
        _sandbox.PutNpm("process.exit(3);", $"while (!fs.existsSync({System.Text.Json.JsonSerializer.Serialize(go)}));");
        var time = new FakeTimeProvider();
        var said = new List<string>();
        var start = AzuriteServer.StartAsync(_sandbox.Options(), said.Add, time, CancellationToken.None);

        await Eventually.HoldsAsync(() => _sandbox.NpmRuns() == 1, "npm runs");
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Empty(said);
        // The wait may be set only now, and then ends later.
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.1));
                return said.Count > 0;
            },
            "A line of progress");
        Assert.StartsWith("Installing Azurite 3.37.0", said[0], StringComparison.Ordinal);

        await File.WriteAllTextAsync(go, "");
        await Eventually.HoldsAsync(() => Ended(start, time), "The start ends");
        await Assert.ThrowsAsync<AzuriteException>(() => start);
    }

    public void Dispose() => _sandbox.Dispose();

    private static async Task<string> FailureAsync(AzuriteOptions options) => (await Assert.ThrowsAsync<AzuriteException>(
        () => AzuriteServer.StartAsync(options, _ => { }, TimeProvider.System, CancellationToken.None))).Message;

    private static bool Ended(Task start, FakeTimeProvider time)
    {
        time.Advance(TimeSpan.FromMilliseconds(50));
        return start.IsCompleted;
    }

    private static async Task AnswerAsync(TcpListener listener, string answer)
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                var stream = connection.GetStream();
                await stream.ReadExactlyAsync(new byte[4]);
                await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(answer));
            }
        }
        catch (SocketException)
        {
            // The test stopped listening.
        }
    }
}
