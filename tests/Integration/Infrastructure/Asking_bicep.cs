using System.IO.Pipelines;
using System.Text;
using Xunit;

namespace Atomic.Integration.Infrastructure;

/// <summary>An answer is of the question that was asked, also after one that nobody answered in time.</summary>
public sealed class Asking_bicep : IDisposable
{
    private readonly List<Ended> _processes = [];
    private readonly List<Pipe> _answers = [];
    private readonly BicepServer _server;

    public Asking_bicep() => _server = new BicepServer(Begin);

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Is_done_of_one_process_also_when_it_refuses()
    {
        var refused = _server.AskAsync("a", new { });
        await AnswerAsync(0, """{ "id": 1, "error": { "message": "No." } }""");
        Assert.StartsWith("No.", (await Assert.ThrowsAsync<BicepRefusedException>(() => refused)).Message, StringComparison.Ordinal);

        var asked = _server.AskAsync("b", new { });
        await AnswerAsync(0, """{ "id": 2, "result": { "of": "b" } }""");

        Assert.Equal("b", (string?)(await asked)["of"]);
        Assert.Single(_processes);
    }

    [Fact]
    public async Task Is_done_of_another_process_once_one_was_not_waited_for()
    {
        using var impatience = new CancellationTokenSource();
        var unanswered = _server.AskAsync("a", new { }, impatience.Token);
        impatience.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unanswered);

        await AnswerAsync(0, """{ "id": 1, "result": { "of": "a" } }""");
        await IsAskedOfAnotherAsync();
    }

    [Fact]
    public async Task Is_done_of_another_process_once_one_answers_something_else()
    {
        var asked = _server.AskAsync("a", new { });
        await AnswerAsync(0, """{ "id": 7, "result": { "of": "another" } }""");
        Assert.Contains("another", (await Assert.ThrowsAsync<InvalidOperationException>(() => asked)).Message, StringComparison.Ordinal);

        await IsAskedOfAnotherAsync();
    }

    private async Task IsAskedOfAnotherAsync()
    {
        Assert.Equal(1, _processes[0].Times);
        var asked = _server.AskAsync("b", new { });
        Assert.Equal(2, _processes.Count);
        await AnswerAsync(1, """{ "id": 1, "result": { "of": "b" } }""");
        Assert.Equal("b", (string?)(await asked)["of"]);
    }

    private BicepConversation Begin()
    {
        var (process, answers) = (new Ended(), new Pipe());
        _processes.Add(process);
        _answers.Add(answers);
        return new BicepConversation(new MemoryStream(), answers.Reader.AsStream(), process);
    }

    private async Task AnswerAsync(int process, string answer) =>
        await _answers[process].Writer.WriteAsync(Encoding.UTF8.GetBytes($"Content-Length: {answer.Length}\r\n\r\n{answer}"));

    private sealed class Ended : IDisposable
    {
        public int Times { get; private set; }

        public void Dispose() => Times++;
    }
}
