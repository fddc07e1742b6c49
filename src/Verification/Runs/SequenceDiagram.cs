using System.Text;
using Atomic.EventSourcing;
using Atomic.Verification.Faults;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>What happened in a run, as a sequence diagram in Mermaid: what each participant was asked and answered, what it wrote, and what went wrong.</summary>
internal sealed class SequenceDiagram
{
    private readonly StringBuilder _text = new("sequenceDiagram\n");

    public void Asked(string what) => Add($"person->>transaction: {what}");

    public void Note(string what) => Add($"Note over transaction: {what}");

    public void Written(LedgerEntry entry) => Add($"Note over {ParticipantOf(entry.Stream)}: {entry.Stream} {KeyOf(entry.Key)} {entry.From} > {entry.To}");

    /// <summary>The call with what it is answered.</summary>
    public async Task<Answer> TellAsync(StepMoment moment, Func<Task<Answer>> call)
    {
        Add($"transaction->>{moment.Step.Participant}: {moment.Act} {moment.Step.Name}");
        try
        {
            var answer = await call();
            var how = answer.Accepted ? "accepted" : answer.TooLate ? "too late" : $"refused, {answer.Reason}";
            Add($"{moment.Step.Participant}-->>transaction: {moment.Act} {moment.Step.Name} {how}{(answer.Repeated ? ", as before" : "")}");
            return answer;
        }
        catch (Exception e)
        {
            Add($"{moment.Step.Participant}--xtransaction: {moment.Act} {moment.Step.Name}, {e.Message}");
            throw;
        }
    }

    public override string ToString() => _text.ToString();

    // A semicolon ends a statement in Mermaid, and a number sign begins an entity.
    private void Add(string line) => _text.Append("    ").Append(line.Replace(';', ',').Replace("#", "no. ", StringComparison.Ordinal).ReplaceLineEndings(" ")).Append('\n');

    private static string ParticipantOf(StreamId stream) => stream.Context;

    private static string KeyOf(string key) => key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
