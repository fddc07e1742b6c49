namespace Atomic.Transactions;

/// <summary>
/// A step as its own participant carries it, where there is no coordinator: from the facts it knows to the act it asks of the barrier,
/// and from the barrier's answer to the fact it states.
/// </summary>
public static class Participation
{
    /// <summary>
    /// The act by which the barrier, which alone knows the record, does what <see cref="Rule"/> says for that record; null when nothing
    /// is owed whatever the record. It saves reading the record before deciding.
    /// </summary>
    public static Act? ActOn(Definition definition, string step, Facts known) =>
        (Rule.Decide(definition, step, StepRecord.None, known), Rule.Decide(definition, step, StepRecord.Done, known)) switch
        {
            (Owed.Do, _) => Act.Do,
            (_, Owed.Undo) => Act.Undo,
            (Owed.Tombstone, _) => Act.Refuse,
            _ => null,
        };

    /// <summary>
    /// What follows from the answer to an act that the rule asked for; null when nothing does. When the act changed nothing, whoever wrote
    /// the record states its fact, unless that may have been an earlier delivery of the same message, interrupted before it stated it.
    /// </summary>
    /// <param name="tooLate">The step is undone: it was before, or the act made it so.</param>
    public static Fact? FactOf(Act act, string step, bool accepted, bool tooLate, string? reason) => act switch
    {
        Act.Do when accepted => new Fact(FactKind.Succeeded, step),
        Act.Do => new Fact(FactKind.Failed, step, reason, tooLate ? Act.Refuse : Act.Do),
        Act.Undo or Act.DeclareUndone => new Fact(FactKind.Undone, step, Act: Act.Undo),
        Act.Refuse when tooLate => new Fact(FactKind.Undone, step, Act: Act.Refuse),
        Act.DeclareDone when accepted => new Fact(FactKind.Succeeded, step),
        _ => null,
    };

    /// <summary>
    /// What follows from the answer to a refusal that settles the step: its outcome was unknown, or a cancel asks. Unless it is done it
    /// has failed, for <paramref name="why"/>.
    /// </summary>
    public static Fact FactOfSettling(string step, bool accepted, bool tooLate, string? reason, string why) => (accepted, tooLate) switch
    {
        (true, _) => new Fact(FactKind.Succeeded, step),
        (_, true) => new Fact(FactKind.Failed, step, why, Act.Refuse),
        _ => new Fact(FactKind.Failed, step, reason),
    };

    /// <summary>
    /// The act by which a person says of a parked one how it ended; null when that cannot be said of it. A do that a person waits for may
    /// be given up while there is a way back: it is then undone, whatever is on record. An undo can only be declared undone; where it is
    /// unknown whether the step was done, the person says.
    /// </summary>
    public static Act? Declared(Definition definition, string step, Act parked, bool done) => (parked, done) switch
    {
        (Act.Do or Act.Refuse, true) => Act.DeclareDone,
        (Act.Do, false) => definition.KindOf(step) == StepKind.ForwardOnly ? null : Act.Undo,
        (Act.Refuse or Act.Undo, false) => Act.DeclareUndone,
        _ => null,
    };
}
