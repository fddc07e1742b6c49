using System.Text.RegularExpressions;
using Xunit;

namespace Atomic.Unit.Architecture;

/// <summary>What every step, message and event goes through looks at no type while it does: that is done ahead, or once a process.</summary>
public sealed partial class Hot_paths
{
    // Files of these folders that may, and why.
    private static readonly string[] OnceAProcess =
    [
        // An embedded resource, read when the process starts.
        "src/Functions/Bus/BusTopology.cs",
        // The hash of a state's shape, kept for each type.
        "src/TableStorage/Rows/StateSchema.cs",
    ];

    public static TheoryData<string> Folders => new(
        "src/Transactions", "src/EventSourcing", "src/Messaging", "src/Services", "src/TableStorage", "src/Functions/Bus", "src/Functions/Choreography",
        "src/Functions/Commands", "src/Functions/Control", "src/Functions/Definitions", "src/Functions/Orchestration", "src/Functions/Participants",
        "src/Functions/Personal", "src/Functions/Projections", "src/Functions/Tracking", "src/Functions/Watch");

    [Theory]
    [MemberData(nameof(Folders))]
    public void Reflect_on_nothing(string folder) => Assert.Empty(
        from file in SourceFile.In(folder)
        where !OnceAProcess.Contains(file.Path)
        from Match use in Reflection().Matches(file.Code)
        select $"{file.Path}: {use.Value}");

    [Fact]
    public void Except_where_it_is_said() => Assert.All(OnceAProcess, path => Assert.Matches(Reflection(), new SourceFile(path, Testing.Repository.Read(path)).Code));

    [Theory]
    [InlineData("using System.Reflection;")]
    [InlineData("var made = Activator.CreateInstance(type);")]
    [InlineData("typeof(Saga).GetMethod(\"Run\")!.Invoke(saga, null);")]
    [InlineData("var closed = typeof(List<>).MakeGenericType(type);")]
    [InlineData("var handler = Type.GetType(name);")]
    [InlineData("dynamic command = message;")]
    public void Are_seen_to_reflect(string code) => Assert.Matches(Reflection(), new SourceFile("a.cs", code).Code);

    [GeneratedRegex(@"\bSystem\.Reflection\b|\bActivator\.|\.(GetMethods?|GetProperties|GetFields?|GetConstructors?|GetCustomAttributes?|MakeGeneric\w+)\(|\bType\.GetType\(|\bdynamic\s+\w+\s*[=;,)]|\bAssembly\.")]
    private static partial Regex Reflection();
}
