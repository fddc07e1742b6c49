namespace Atomic.Transactions.Costs;

/// <summary>
/// Predicts what a transaction uses that nobody coordinates. Its facts go from participant to participant as the definition says, in the order
/// in which they are stated; each asks the rule for its own steps and meets its own record, as in earnest. What a deadline asks for after
/// the end is not counted.
/// </summary>
/// <param name="definition">The one that the transaction's input makes, or as it was declared.</param>
/// <param name="input">Null where there is none: then a step that writes to as many streams as its input says counts for the least.</param>
public sealed class ChoreographedCost(Definition definition, object? input, CostBasis basis)
{
    /// <param name="refused">The steps that the business refuses, should they be asked; none for a success.</param>
    public Usage Predict(IReadOnlyCollection<string> refused)
    {
        var flow = new Flow(refused);
        // The start is a command, whose event and fact say the same; its deadline is a message for later.
        flow.Used += Usage.Message() + new Usage(Requests: 1) + basis.Events(StepDefinition.CommitParticipant, 1);
        if (definition.Deadline is not null) flow.Used += Usage.Message();
        State(flow, new Fact(FactKind.Started, ""));
        while (flow.Stated.TryDequeue(out var fact))
        {
            foreach (var step in definition.ConcernedBy(fact.Kind, fact.Step).ToList()) Hear(flow, step, fact);
        }

        return flow.Used;
    }

    private void Hear(Flow flow, StepDefinition step, Fact fact)
    {
        var known = new Facts();
        if (definition.MustRemember(step.Name, fact.Kind))
        {
            var isFirst = !flow.Heard.TryGetValue(step.Name, out var heard);
            if (isFirst) flow.Heard[step.Name] = heard = new Facts();
            heard!.Add(fact.Kind, fact.Step);
            // Notes that were written here are known; before that they are looked for.
            (flow.Used, known) = (flow.Used + new Usage(Requests: isFirst ? 2 : 1), heard);
        }
        else
        {
            known.Add(fact.Kind, fact.Step);
        }

        if (Participation.ActOn(definition, step.Name, known) is { } act) Carry(flow, step, act);
    }

    private void Carry(Flow flow, StepDefinition step, Act act)
    {
        var record = flow.Records.GetValueOrDefault(step.Name);
        var fails = flow.Refused.Contains(step.Name) && !definition.MustSucceed(step);
        switch (act, record)
        {
            case (Act.Do, StepRecord.None):
                if (step.DecisionLimit is not null) flow.Used += AwaitedDecision(flow, step);
                flow.Used += StepCost.OfDo(step, input, fails, basis);
                flow.Records[step.Name] = fails ? StepRecord.Refused : StepRecord.Done;
                State(flow, new Fact(fails ? FactKind.Failed : FactKind.Succeeded, step.Name));
                break;
            case (Act.Undo, StepRecord.Done):
                flow.Used += step.NothingToUndo ? StepCost.OfRepetition(step, input, basis) : StepCost.OfUndo(step, input, basis);
                flow.Records[step.Name] = StepRecord.Undone;
                State(flow, new Fact(FactKind.Undone, step.Name, Act: Act.Undo));
                break;
            case (Act.Undo or Act.Refuse, StepRecord.None):
                flow.Used += StepCost.OfTombstone(step, input, byUndo: act == Act.Undo && !step.NothingToUndo);
                flow.Records[step.Name] = StepRecord.Undone;
                State(flow, new Fact(FactKind.Undone, step.Name, Act: act));
                break;
            case (Act.Refuse, StepRecord.Done):
                // Asked before its time, it only finds that it is done.
                flow.Used += StepCost.OfRepetition(step, input, basis);
                break;
        }
    }

    /// <summary>The notes that a person may decide and the message at the limit; then the decision, which is a message, too.</summary>
    private static Usage AwaitedDecision(Flow flow, StepDefinition step) =>
        new Usage(Requests: flow.Heard.ContainsKey(step.Name) ? 1 : 2) + Usage.Message() + Usage.Message();

    private void State(Flow flow, Fact fact)
    {
        var concerned = definition.ConcernedBy(fact.Kind, fact.Step).Select(step => step.Participant).Distinct().Count();
        flow.Used += basis.Statement(concerned);
        flow.Stated.Enqueue(fact);
    }

    /// <summary>A transaction under way: what was stated and is not heard yet, what is remembered and on record, and what it took so far.</summary>
    private sealed class Flow(IReadOnlyCollection<string> refused)
    {
        public IReadOnlyCollection<string> Refused => refused;

        public Queue<Fact> Stated { get; } = new();

        public Dictionary<string, Facts> Heard { get; } = [];

        public Dictionary<string, StepRecord> Records { get; } = [];

        public Usage Used { get; set; } = Usage.None;
    }
}
