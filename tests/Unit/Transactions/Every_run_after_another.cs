using Atomic.Transactions;
using Xunit;

namespace Atomic.Unit.Transactions;

/// <summary>
/// Walks every way in which a coordinator can be cut off and followed by another that knows only what the steps' records answer, with what the
/// first has sent arriving at any time after, and a cancel at any moment of either, for every graph of up to three steps and every legal pivot.
/// </summary>
public sealed class Every_run_after_another
{
    private readonly HashSet<string> _seen = [];
    private int _ends;

    [Fact]
    public void Ends_all_or_nothing_and_as_it_was_shown_to_end()
    {
        foreach (var definition in Graphs.Of(2, 3))
        {
            _seen.Clear();
            Walk(new Course(definition, new Dictionary<string, StepRecord>(), [], [], IsSecond: false, IsCancelled: false, Shown: null));
        }

        Assert.True(_ends > 1_000, $"{_ends} ends");
    }

    private void Walk(Course course)
    {
        if (!_seen.Add(course.Key)) return;
        var (run, open) = course.Replay();
        if (!course.IsSecond) Walk(course.CutOff(run, open));
        foreach (var late in course.Late)
        {
            foreach (var record in course.Outcomes(late)) Walk(course.Arrives(late, record));
        }

        if (run.HasEnded)
        {
            if (course is { IsSecond: true, Late.Count: 0 }) AssertEnd(course, run);
            return;
        }

        Assert.True(open.Count > 0, $"Stuck: {course.Key}");
        if (!course.IsCancelled) Walk(course.Cancelled());
        foreach (var sent in open)
        {
            foreach (var record in course.Outcomes(sent)) Walk(course.Answered(sent, record));
        }
    }

    private void AssertEnd(Course course, TransactionRun run)
    {
        _ends++;
        if (course.Shown is { } shown) Assert.True(shown == run.State, $"Shown as {shown}, and then {run.State}: {course.Key}");
        foreach (var step in course.Definition.Steps.Where(step => !step.IsCommit))
            Assert.True(course.RecordOf(step.Name) == StepRecord.Done == (run.State == TransactionState.Completed), $"{step.Name}, {run.State}: {course.Key}");
    }

    private enum Asked
    {
        Do,
        Settle,
        Undo,
        Cancel,

        /// <summary>A cancel that the run knows of from its start.</summary>
        Recall,
    }

    private readonly record struct Sent(string Step, Asked Asked);

    private readonly record struct Heard(Sent Sent, StepRecord Record);

    /// <param name="Records">By step; none for one that is not there.</param>
    /// <param name="History">What the run has heard.</param>
    /// <param name="Late">What the run before has sent and has not heard of.</param>
    private sealed record Course(
        Definition Definition, IReadOnlyDictionary<string, StepRecord> Records, IReadOnlyList<Heard> History, IReadOnlyList<Sent> Late,
        bool IsSecond, bool IsCancelled, TransactionState? Shown)
    {
        public string Key => string.Join(
            '|', string.Join(',', Definition.Steps.Select(step => RecordOf(step.Name))), string.Join(',', History.Select(one => $"{one}").Order(StringComparer.Ordinal)),
            string.Join(',', Late.Select(one => $"{one}").Order(StringComparer.Ordinal)), IsSecond, IsCancelled, Shown);

        public StepRecord RecordOf(string step) => Records.GetValueOrDefault(step);

        public Course Cancelled(Asked by = Asked.Cancel) => this with { History = [.. History, new Heard(new Sent("", by), default)], IsCancelled = true };

        public Course CutOff(TransactionRun run, IReadOnlyList<Sent> open)
        {
            var next = this with { History = [], Late = open, IsSecond = true, IsCancelled = false, Shown = run.HasEnded ? run.State : null };
            return IsCancelled ? next.Cancelled(Asked.Recall) : next;
        }

        // An undo that the run before has sent may arrive while the one that follows does again what comes after it; that is then undone, too.
        public Course Arrives(Sent late, StepRecord record) => With(late.Step, record) with { Late = [.. Late.Where(one => one != late)] };

        /// <summary>What the record can say then.</summary>
        public IEnumerable<StepRecord> Outcomes(Sent sent) => (sent.Asked, RecordOf(sent.Step)) switch
        {
            (Asked.Do, StepRecord.None) when Definition.KindOf(sent.Step) == StepKind.ForwardOnly || Definition[sent.Step].IsCommit => [StepRecord.Done],
            // The last: its outcome was unknown, and the record was asked.
            (Asked.Do, StepRecord.None) => [StepRecord.Done, StepRecord.Refused, StepRecord.Undone],
            (Asked.Settle, StepRecord.None) => [StepRecord.Undone],
            (Asked.Undo, StepRecord.None or StepRecord.Done) => [StepRecord.Undone],
            var (_, known) => [known],
        };

        public Course Answered(Sent sent, StepRecord record)
        {
            var standing = Definition.SuccessorsOf(sent.Step).Where(next => RecordOf(next.Name) == StepRecord.Done).Select(next => next.Name).ToList();
            Assert.True(sent.Asked != Asked.Undo || standing.Count == 0, $"{sent.Step} is undone, and {string.Join(", ", standing)} stands: {Key}");
            return With(sent.Step, record) with { History = [.. History, new Heard(sent, record)] };
        }

        public (TransactionRun Run, IReadOnlyList<Sent> Open) Replay()
        {
            var run = new TransactionRun(Definition, default) { AsksFirst = IsSecond, RecordsCommit = true };
            var open = new List<Sent>();
            if (History is not [{ Sent.Asked: Asked.Recall }, ..]) Take();
            foreach (var (sent, record) in History)
            {
                if (sent.Asked is Asked.Cancel or Asked.Recall)
                {
                    Refuse();
                }
                else
                {
                    open.RemoveAll(one => one.Step == sent.Step);
                    run.Hear(FactOf(sent, record), default);
                }

                Take();
            }

            return (run, open);

            void Take() => open.AddRange(run.TakeOwed(default).Select(owed => new Sent(owed.Step.Name, owed.Owed == Owed.Undo ? Asked.Undo : Asked.Do)));

            // What is under way may be asked as well: a do whose outcome is unknown ends in the same ways.
            void Refuse()
            {
                open.AddRange(run.TakeToSettle(default).Select(step => new Sent(step.Name, Asked.Settle)));
                run.TryRefusePivot("cancelled", default);
            }
        }

        private static Fact FactOf(Sent sent, StepRecord record) => (sent.Asked, record) switch
        {
            (Asked.Undo, _) => new Fact(FactKind.Undone, sent.Step, Act: Act.Undo),
            (_, StepRecord.Done) => new Fact(FactKind.Succeeded, sent.Step),
            (_, StepRecord.Refused) => new Fact(FactKind.Failed, sent.Step, "no"),
            _ => new Fact(FactKind.Failed, sent.Step, "cancelled", Act.Refuse),
        };

        private Course With(string step, StepRecord record)
        {
            Assert.True(
                (RecordOf(step), record) != (StepRecord.Done, StepRecord.Undone) || Definition.KindOf(step) == StepKind.Compensatable, $"{step} is undone: {Key}");
            return this with { Records = new Dictionary<string, StepRecord>(Records) { [step] = record } };
        }
    }
}
