using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Functions.Participants;
using Atomic.Services.Approvals;
using Atomic.Transactions;
using Atomic.Verification.Faults;
using Atomic.Verification.Simulation;

namespace Atomic.Verification;

/// <summary>One run of a scenario in one coupling, with one fault: from its start until nothing is left to happen, and what is wrong with that.</summary>
internal sealed class Rehearsal : IDisposable
{
    private const string Person = "verify";
    private const string Key = "verify";
    private const int MostDecisions = 3;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private readonly Course _course;
    private readonly SingleFault _fault;
    private readonly SequenceDiagram? _sequence;
    private readonly SimulatedApp _app;
    private readonly Watcher _watcher;
    private readonly Around _around;
    private readonly List<SimulatedCall> _calls = [];
    private IReadOnlyList<TransactionState> _ends;
    private bool _hasStruck;
    private bool _isOver;
    private TransactionState? _afterwards;
    private Task<TransactionView>? _starting;
    private int _began;
    private string _id = "";

    private Rehearsal(Course course, SingleFault fault, SequenceDiagram? sequence)
    {
        (_course, _fault, _sequence, _ends) = (course, fault, sequence, fault.Ends);
        var setup = course.Stage.Setup(fault, new Switch(fault.Calls?.Invoke(), this));
        _around = fault.Around?.Invoke(setup.Scheduler.Time, () => _hasStruck = true) ?? ((moment, carryOut) => carryOut(moment.Invocation));
        _app = new SimulatedApp(setup with { Through = ThroughAsync }) { Passing = _calls.Add };
        _watcher = new Watcher(_app, course.Coupling);
        if (sequence is not null) _app.Ledger.Added = sequence.Written;
    }

    private TimeSpan Deadline => _course.Stage.Deadline;

    /// <param name="sequence">Takes down what happens; null when nobody wants to know.</param>
    public static Run Of(Course course, SingleFault fault, SequenceDiagram? sequence = null)
    {
        using var rehearsal = new Rehearsal(course, fault, sequence);
        return rehearsal.Run();
    }

    public void Dispose() => _app.Dispose();

    private Run Run()
    {
        var violations = new List<string>();
        var (state, standing, amounts, trace) = (TransactionState.Running, "", (string?)null, 0);
        try
        {
            Start();
            if (_fault.CancelAt is { } cancelled) Cancel(cancelled);
            if (_fault.DeadlineAt is { } late) StandStill(late);
            Drive();
            EndStart();
            trace = _app.Scheduler.Trace.Count;
            var found = _watcher.Find(_id);
            (state, standing) = (found.State, new Oracle(_course.Definition, _id).StandingText(_app.Ledger.Entries));
            amounts = _course.Scenario.Amounts?.Invoke(_app);
            violations.AddRange(Judge(found));
            if (state == TransactionState.NeedsAttention && violations.Count == 0) violations.AddRange(JudgeOnceItWorks());
        }
        catch (InvalidOperationException e)
        {
            violations.Add(e.Message.Split('\n')[0]);
        }

        var oracle = new Oracle(_course.Definition, _id);
        return new Run(
            state, standing, oracle.Places(_app.Ledger.Entries), amounts, violations, oracle.States(_app.Ledger.Entries),
            _calls, [.. _app.Scheduler.Trace.Take(trace).Skip(_began)])
        {
            Afterwards = _afterwards,
        };
    }

    private void Start()
    {
        _sequence?.Asked("start");
        _id = TransactionStarter.IdOf(_course.Definition.Name, Key);
        _app.Request(
            app => _starting = StartAsync(app),
            until: () => _app.Ledger.Entries is [.., { To: RecordState.Done } recorded] && recorded.Key == TransactionHandlers.StartOf(_id));
        _began = _app.Scheduler.Trace.Count;
    }

    /// <summary>Who started it and has had no answer starts it again, with the same key.</summary>
    private void EndStart()
    {
        if (_starting is { IsCompletedSuccessfully: true }) return;
        if (_starting is { IsFaulted: true, Exception: { } failure } && failure.GetBaseException() is not SimulatedException)
            throw new InvalidOperationException($"Its start fails: {failure.GetBaseException().Message}");
        _app.Request(StartAsync);
        Drive();
    }

    private Task<TransactionView> StartAsync(SimulatedApp app)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(_course.Scenario.Input, _course.Scenario.Input.GetType(), StorageJson.Options);
        return app.Get<TransactionStarter>().StartAsync(app.Engine, _course.Definition.Name, _course.Coupling, Key, body, CancellationToken.None);
    }

    private void Cancel(int number)
    {
        Drive(number);
        _sequence?.Asked("cancel");
        if (number == 0)
        {
            _app.Scheduler.Prefers = IsOfOrders;
            if (!IsPivotBegun()) MustRevert();
        }

        TryAsk((control, app) => control.CancelAsync(app.Engine, _id, new Asked(Person, null), CancellationToken.None));
    }

    private void StandStill(int number)
    {
        Drive(number);
        _sequence?.Note($"Nothing happens for {Deadline}; the deadline has passed");
        _app.Scheduler.Prefers = name => name.StartsWith("timer ", StringComparison.Ordinal) || name.Contains(":deadline:", StringComparison.Ordinal);
        if (IsDeadlineSet() && !IsPivotBegun()) MustRevert();
        _app.Scheduler.StandStill(Deadline);
    }

    /// <summary>
    /// An order that is taken before the pivot has begun leaves no choice. Where nobody coordinates, that it is taken first is certain only
    /// if what has waited longest happens next.
    /// </summary>
    private void MustRevert()
    {
        if (_course.Options.Seed is null || _course.Coupling != Coupling.Events) _ends = [TransactionState.Compensated];
    }

    private bool IsDeadlineSet() => _course.Coupling == Coupling.Events
        ? _app.Scheduler.Trace.Contains($"complete {FactPublisher.Context}-commands {_id}:start")
        : Status is not null;

    private bool IsPivotBegun()
    {
        var (definition, pivot) = (_course.Definition, _course.Definition.Pivot);
        if (_course.Coupling == Coupling.Events) return definition[pivot].After.All(new Oracle(definition, _id).Standing(_app.Ledger.Entries).Contains);
        if (Status is not { } status) return definition[pivot].After.Count == 0;
        return status.Steps[definition.Declared.Steps.TakeWhile(step => step.Name != pivot).Count()].State != StepState.Waiting;
    }

    /// <summary>How its orchestration says that it stands; null while it has not begun.</summary>
    private TransactionStatus? Status => _app.Engine[_id].Describe().ReadCustomStatusAs<TransactionStatus>();

    private static bool IsOfOrders(string name) => name == "request"
        || name.Contains($" {FactPublisher.Context}-commands ", StringComparison.Ordinal)
        || name.Contains($" {TransactionLog.Category}:", StringComparison.Ordinal);

    /// <summary>Until nothing more is going to happen, or until so many events have. A person decides what waits for that.</summary>
    private void Drive(int events = int.MaxValue)
    {
        for (var decisions = 0; ; decisions++)
        {
            _app.Scheduler.RunFor(Window, () => _app.Scheduler.Trace.Count - _began >= events);
            if (_app.Scheduler.Trace.Count - _began >= events || decisions == MostDecisions) return;
            if (_course.Definition.Steps.All(step => step.DecisionLimit is null)) return;
            var waiting = _course.Definition.Declared.Steps.Zip(_watcher.Find(_id).Steps)
                .FirstOrDefault(step => step.Second.State == StepState.Running && _course.Definition.Find(step.First.Name)?.DecisionLimit is not null).First;
            if (waiting is null) return;
            // Nobody is asked any more, and the step still waits: for its limit, at which its record says what was decided.
            if (!TryAnswer(_course.Definition[waiting.Name])) _app.Scheduler.RunFor(waiting.DecisionLimit!.Value);
        }
    }

    /// <summary>A person approves; an event from outside brings what the definition says of it.</summary>
    private bool TryAnswer(StepDefinition step)
    {
        var isApproval = step.Command == nameof(Decide);
        _sequence?.Asked($"{(isApproval ? "approve" : "tell")} {step.Name}");
        if (isApproval) return TryAsk((control, app) => control.DecideAsync(app.Engine, _id, step.Name, new Decision(true, Person), CancellationToken.None));
        var command = step.MakeCommand(_course.Scenario.Input);
        var body = JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), StorageJson.Options);
        return TryAsk((control, app) => control.TellAsync(app.Engine, _id, step.Name, body, Person, CancellationToken.None));
    }

    /// <summary>False when it is too late for that.</summary>
    private bool TryAsk(Func<TransactionControl, SimulatedApp, Task<TransactionView>> ask)
    {
        try
        {
            _app.Request(app => ask(app.Get<TransactionControl>(), app));
            return true;
        }
        catch (ProblemException e)
        {
            _sequence?.Note($"{e.Status}: {e.Message}");
            return false;
        }
    }

    private IEnumerable<string> Judge(TransactionStatus found)
    {
        if (!_ends.Contains(found.State)) yield return $"it comes to rest as {found.State} ({found.Reason}), and not as {string.Join(" or ", _ends)}";
        if (found.State == TransactionState.NeedsAttention && string.IsNullOrEmpty(found.Reason)) yield return "it is parked without a reason";
        if (_fault is not { Around: null, Calls: null } && !_hasStruck) yield return "nothing went wrong of what should have, so that nothing is shown";
        foreach (var violation in OfEffects(found.State)) yield return violation;
    }

    /// <summary>What is parked goes on by itself once the cause is gone.</summary>
    private IEnumerable<string> JudgeOnceItWorks()
    {
        _isOver = true;
        _sequence?.Note("The cause is gone");
        Drive();
        var state = _watcher.Find(_id).State;
        _afterwards = state;
        if (state is not (TransactionState.Completed or TransactionState.Compensated)) yield return $"once its cause is gone it is still {state}";
        foreach (var violation in OfEffects(state)) yield return violation;
    }

    private IEnumerable<string> OfEffects(TransactionState state)
    {
        var ended = state is TransactionState.Completed or TransactionState.Compensated ? state : (TransactionState?)null;
        foreach (var violation in new Oracle(_course.Definition, _id).Violations(_app.Ledger.Entries, ended, _course.Whole)) yield return violation;
        if (ended is { } end && _course.AmountsAt(end) is { } must && _course.Scenario.Amounts!(_app) is var amounts && amounts != must)
            yield return $"there is {amounts}, and must be {must}";
        foreach (var (path, message) in _app.Bus.Lying) yield return $"{message.MessageId} lies in {path}";
    }

    private async Task<Answer> ThroughAsync(CommandHandler commands, ParticipantCall call, Func<Invocation, Task<Answer>> carryOut)
    {
        if (StepMoment.Of(_course.Definition, call) is not { } moment) return await carryOut(call.Invocation);
        if (!_isOver && moment.Step.Name == _fault.Refused) carryOut = invocation => RefuseAsync(commands, invocation, moment.Act);
        var around = _isOver ? (asked, carry) => carry(asked.Invocation) : _around;
        return await (_sequence is null ? ComeAsync() : _sequence.TellAsync(moment, ComeAsync));

        Task<Answer> ComeAsync() =>
            _course.Options.Variant.Participants(moment, invocation => around(moment with { Invocation = invocation }, carryOut));
    }

    private async Task<Answer> RefuseAsync(CommandHandler commands, Invocation invocation, Act act)
    {
        if (act == Act.Do && _fault.RefusedAfter > TimeSpan.Zero) await Task.Delay(_fault.RefusedAfter, _app.Scheduler.Time);
        return await RefusedStep.HandleAsync(commands, invocation, act);
    }

    /// <summary>The faults until they are over.</summary>
    private sealed class Switch(IFaults? faults, Rehearsal owner) : IFaults
    {
        public Fault At(string point)
        {
            var fault = owner._isOver ? Fault.None : faults?.At(point) ?? Fault.None;
            if (fault == Fault.None) return fault;
            owner._hasStruck = true;
            owner._sequence?.Note($"{fault}: {point}");
            return fault;
        }
    }
}
