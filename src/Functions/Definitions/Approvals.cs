using Atomic.Services.Approvals;
using Atomic.Transactions;

namespace Atomic.Functions.Definitions;

/// <summary>The word for a step that a person carries out.</summary>
public static class Approvals
{
    /// <summary>Waits for a person to approve; a denial, or no decision within <paramref name="limit"/>, reverts the transaction.</summary>
    public static DefinitionBuilder<TInput> Approval<TInput>(
        this DefinitionBuilder<TInput> definition, string step, TimeSpan limit, Func<TInput, bool>? when = null, string[]? after = null)
        where TInput : notnull =>
        // Only the person's own command says what was decided; this one is what the record is asked with when nobody has.
        definition.Decision(step, "approvals", _ => new Decide(false, "nobody", null), limit, when: when, after: after);
}
