using System.Text.Json.Nodes;
using Atomic.Functions.Access;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Moq;
using Xunit;

namespace Atomic.Unit.Access;

/// <summary>Bindings as the worker reports them to the Functions host.</summary>
public sealed class Bindings_under_Entra
{
    private const string Http = """{"name":"request","type":"httpTrigger","direction":"In","authLevel":"Function","methods":["get"],"route":"api/flows"}""";
    private const string Answer = """{"name":"$return","type":"http","direction":"Out"}""";
    private const string Timer = """{"name":"timer","type":"timerTrigger","direction":"In","schedule":"0 * * * * *"}""";

    [Fact]
    public void Ask_for_no_key_that_nobody_has()
    {
        var bindings = Transformed(AccessMode.Entra);

        Assert.Equal("Anonymous", (string?)JsonNode.Parse(bindings[0])!["authLevel"]);
        Assert.Equal(("api/flows", "get"), ((string?)JsonNode.Parse(bindings[0])!["route"], (string?)JsonNode.Parse(bindings[0])!["methods"]![0]));
        Assert.Equal([Answer, Timer], bindings.Skip(1));
    }

    [Theory]
    [InlineData(AccessMode.Keys)]
    [InlineData(AccessMode.Loopback)]
    public void Are_as_written_otherwise(AccessMode mode) => Assert.Equal([Http, Answer, Timer], Transformed(mode));

    private static List<string> Transformed(AccessMode mode)
    {
        List<string> bindings = [Http, Answer, Timer];
        var (function, without) = (new Mock<IFunctionMetadata>(), new Mock<IFunctionMetadata>());
        function.SetupGet(each => each.RawBindings).Returns(bindings);
        new EntraBindings(Call.Settings(mode)).Transform([function.Object, without.Object]);
        return bindings;
    }
}
