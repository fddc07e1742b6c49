using Atomic.Functions.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Atomic.Unit.Access;

/// <summary>Every HTTP function there is, by everybody who could call it.</summary>
public sealed class Routes_and_roles
{
    private const string Nobody = "nobody";

    private static readonly Dictionary<string, string?> Callers = new()
    {
        [Nobody] = null,
        ["somebody without a role"] = Call.Principal("eve"),
        ["a reader"] = Call.Principal("ada", "reader"),
        ["a reader of payloads"] = Call.Principal("ada", "Payload.Read"),
        ["an operator"] = Call.Principal("joe", "operator"),
        ["somebody with a role that only sounds like one"] = Call.Principal("eve", "Operator", "operators", "admin", "reader "),
    };

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var matrix = new TheoryData<string, string>();
            foreach (var function in HttpFunctionOfApp.All)
            {
                foreach (var caller in Callers.Keys) matrix.Add(function.Name, caller);
            }

            return matrix;
        }
    }

    public static TheoryData<string> Functions => new(HttpFunctionOfApp.All.Select(function => function.Name));

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Let_in_who_has_the_role_and_nobody_else(string function, string caller)
    {
        var expected = Expected(HttpFunctionOfApp.All.First(each => each.Name == function), caller);

        var call = await new Call().SignedInAs(Callers[caller]).OfAsync(function);

        Assert.Equal((expected == StatusCodes.Status200OK, expected), (call.Reached, call.Status));
    }

    [Fact]
    public void Leave_no_function_out() =>
        Assert.Equal(HttpFunctionOfApp.All.Select(function => function.Name).Distinct().Order(StringComparer.Ordinal), RouteRoles.Functions.Order(StringComparer.Ordinal));

    // The Functions host asks for the key, and so must be told.
    [Theory]
    [MemberData(nameof(Functions))]
    public void Ask_for_a_key_wherever_they_ask_for_a_role(string function)
    {
        var trigger = HttpFunctionOfApp.All.First(each => each.Name == function);

        Assert.Equal(trigger.IsOpen ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, trigger.Level);
    }

    [Theory]
    [InlineData(AccessMode.Keys)]
    [InlineData(AccessMode.Entra)]
    [InlineData(AccessMode.Loopback)]
    public async Task Refuse_what_is_not_listed(AccessMode mode)
    {
        var call = await new Call().From("127.0.0.1").SignedInAs(Call.Principal("joe", "operator", "reader")).OfAsync("AddedLastNight", mode);

        Assert.Equal((false, StatusCodes.Status403Forbidden), (call.Reached, call.Status));
    }

    [Fact]
    public async Task Are_not_passed_by_without_a_request() => await Assert.ThrowsAsync<InvalidOperationException>(() =>
        new Authorization(Call.Settings(AccessMode.Entra), NullLogger<Authorization>.Instance).Invoke(Call.Context("StartTransaction", null), _ => Task.CompletedTask));

    [Fact]
    public async Task Do_not_concern_what_is_triggered_otherwise()
    {
        var reached = false;
        await new Authorization(Call.Settings(AccessMode.Entra), NullLogger<Authorization>.Instance).Invoke(Call.Context("TendProjections", null), _ =>
        {
            reached = true;
            return Task.CompletedTask;
        });

        Assert.True(reached);
    }

    private static int Expected(HttpFunctionOfApp function, string caller) => (function, caller) switch
    {
        ({ IsOpen: true }, _) => StatusCodes.Status200OK,
        (_, Nobody) => StatusCodes.Status401Unauthorized,
        (_, "an operator") or ({ OnlyLooks: true }, "a reader") => StatusCodes.Status200OK,
        _ => StatusCodes.Status403Forbidden,
    };
}
