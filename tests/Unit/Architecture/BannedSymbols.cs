using Atomic.Testing;
using Xunit;

namespace Atomic.Unit.Architecture;

public sealed class BannedSymbols
{
    public static TheoryData<string> Lists => new(Repository.Files("src", "BannedSymbols*.txt"));

    [Theory]
    [MemberData(nameof(Lists))]
    public void Stand_for_something(string list) =>
        Offenders.None($"{list} bans what does not exist:", BannedSymbol.In(list).Select(symbol => symbol.Id).Where(id => !DocumentationIds.Resolves(id)));

    [Theory]
    [MemberData(nameof(Lists))]
    public void Say_what_to_do_instead(string list) =>
        Offenders.None($"{list} does not say what to do instead of:", BannedSymbol.In(list).Where(symbol => string.IsNullOrWhiteSpace(symbol.Instead)).Select(symbol => symbol.Id));

    [Theory]
    [InlineData("T:System.Random", true)]
    [InlineData("T:System.Randm", false)]
    [InlineData("System.Random", false)]
    [InlineData("P:System.DateTime.UtcNow", true)]
    [InlineData("M:System.DateTime.UtcNow", false)]
    [InlineData("P:System.DateTime.UtcNov", false)]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.Int32)", true)]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.Int64)", false)]
    [InlineData("M:System.Threading.Tasks.Task.Delay", false)]
    [InlineData("M:System.Threading.Tasks.Task.WhenAny``1(System.Collections.Generic.IEnumerable{System.Threading.Tasks.Task{``0}})", true)]
    [InlineData("M:System.Collections.Generic.List`1.AddRange(System.Collections.Generic.IEnumerable{`0})", true)]
    [InlineData("M:System.Int32.TryParse(System.String,System.Int32@)", true)]
    [InlineData("F:System.String.Empty", true)]
    [InlineData("E:System.Diagnostics.Process.Exited", true)]
    [InlineData("N:System.Net.Sockets", true)]
    [InlineData("N:System.Net.Socks", false)]
    public void Are_told_from_typing_errors(string id, bool resolves) => Assert.Equal(resolves, DocumentationIds.Resolves(id));
}
