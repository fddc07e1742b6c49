using Atomic.Services;

namespace Atomic.Functions.Definitions;

internal static class IdProblems
{
    /// <summary>What is wrong with ids, by field.</summary>
    public static IEnumerable<(string Field, string Problem)> Of(params (string Field, string Value)[] ids) =>
        from id in ids
        let problem = Id.Problem(id.Value)
        where problem is not null
        select (id.Field, problem);
}
