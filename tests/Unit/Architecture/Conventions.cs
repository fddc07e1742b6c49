using System.Reflection;
using Xunit;

namespace Atomic.Unit.Architecture;

public sealed class Conventions
{
    private static readonly IReadOnlyList<SourceFile> Sources = SourceFile.In("src");

    [Fact]
    public void Functions_are_named_after_their_method() =>
        Offenders.None("Function name = method name = nameof:", FunctionRules.OfNames(Sources.Where(file => file.IsIn("src/Functions"))));

    [Fact]
    public void Functions_carry_the_name_of_their_method_when_compiled() =>
        Offenders.None("Function name = method name:",
            from type in Assembly.Load("Atomic.Functions").GetTypes()
            from method in type.GetMethods()
            from attribute in method.GetCustomAttributesData()
            where attribute.AttributeType.FullName == "Microsoft.Azure.Functions.Worker.FunctionAttribute"
            where (string?)attribute.ConstructorArguments[0].Value != method.Name
            select $"{type.Name}.{method.Name} is the function {attribute.ConstructorArguments[0].Value}");

    [Fact]
    public void Log_messages_live_in_Logs() => Offenders.None("Log messages live in one place:", FunctionRules.OfLogs(Sources));

    [Fact]
    public void Orchestrators_take_time_ids_and_waits_from_their_context() =>
        Offenders.None("An orchestrator must do the same when it is replayed:", FunctionRules.OfOrchestrators(Sources.Where(file => file.IsIn("src/Functions")), BannedSymbol.In("src/BannedSymbols.Pure.txt")));

    [Theory]
    [InlineData("[Function(\"PlaceOrder\")]\npublic async Task<IResult> PlaceOrder(\n  [HttpTrigger] HttpRequest request) => x;")]
    [InlineData("[Function(nameof(PlaceOrder))]\npublic async Task<IResult> Place(HttpRequest request) => x;")]
    [InlineData("[Function(nameof(PlaceOrder) + \"2\")]\n[Authorize(\"x\")]\npublic static IResult PlaceOrder(HttpRequest request) => x;")]
    [InlineData("[Obsolete, Function(Names.PlaceOrder)]\npublic Task<(int, string)> PlaceOrder(HttpRequest request) => x;")]
    public void A_function_named_otherwise_is_seen(string code) => Assert.Single(FunctionRules.OfNames([new("src/Functions/A.cs", code)]));

    [Theory]
    [InlineData("[Function(nameof(PlaceOrder))]\npublic async Task<IResult> PlaceOrder(\n  [HttpTrigger] HttpRequest request) => x;")]
    [InlineData("[Function(nameof(PlaceOrder))]\n[FixedDelayRetry(5, \"00:00:10\")]\npublic static IResult PlaceOrder(HttpRequest request) => x;")]
    public void A_function_named_after_its_method_is_none_of_them(string code) => Assert.Empty(FunctionRules.OfNames([new("src/Functions/A.cs", code)]));

    [Fact]
    public void A_log_message_elsewhere_is_seen()
    {
        const string Log = "[LoggerMessage(7, LogLevel.Information, \"x\")] static partial void Started(ILogger log);";

        Assert.Single(FunctionRules.OfLogs([new("src/LocalHost/Runtime/Host.cs", Log), new("src/LocalHost/Runtime/Logs.cs", Log), new("src/A.cs", "// [LoggerMessage(7)]")]));
    }

    [Theory]
    [InlineData("var id = Guid.NewGuid();", "Guid.NewGuid")]
    [InlineData("await Task.Delay(wait, TimeProvider.System);", "TimeProvider.System")]
    [InlineData("var dice = new Random();", "Random")]
    public void An_orchestrator_that_helps_itself_is_seen(string code, string symbol)
    {
        var orchestrator = $"Task Run([OrchestrationTrigger] TaskOrchestrationContext context) {{ var own = context.NewGuid(); {code} }}";

        Assert.Contains(FunctionRules.OfOrchestrators([new("src/Functions/A.cs", orchestrator)], BannedSymbol.In("src/BannedSymbols.Pure.txt")),
            offence => offence.StartsWith($"src/Functions/A.cs names {symbol}:", StringComparison.Ordinal));
    }
}
