using Atomic.Functions.Access;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Atomic.Unit.Access;

public sealed class Who_calls
{
    private const string Changes = "StartTransaction";

    private static readonly string Forged = Call.Principal("joe", "operator");

    public static TheoryData<string> Unreadable =>
    [
        "", "nonsense", "e30=", "bnVsbA==", "WzFd", Convert.ToBase64String([0xff, 0xfe]), Forged[..^8], $"{Forged}!",
        Call.Encode(new { claims = new[] { new { typ = "roles", val = "operator" } } }),
        Call.Encode(new { claims = new object?[] { null } }),
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Is_nobody_when_App_Service_says_nothing_that_can_be_read(string header)
    {
        var call = await new Call().SignedInAs(header).OfAsync(Changes);

        Assert.Equal((false, StatusCodes.Status401Unauthorized), (call.Reached, call.Status));
        Assert.Equal("Bearer", call.Http.Response.Headers.WWWAuthenticate);
    }

    // A header of that name is the client's own then: nobody has removed it.
    [Theory]
    [InlineData(AccessMode.Keys)]
    [InlineData(AccessMode.Loopback)]
    public async Task Is_not_who_a_header_says_unless_App_Service_asks(AccessMode mode)
    {
        var call = await new Call().From("127.0.0.1").SignedInAs(Forged).OfAsync(Changes, mode);

        Assert.True(call.Reached);
        Assert.Equal((false, "given"), (Caller.Of(call.Http.Request).IsKnown, Caller.Of(call.Http.Request).ActsAs("given", "unnamed")));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.168.1.7", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    public async Task Is_on_this_machine_where_it_is_open_to_this_machine(string address, bool reached) =>
        Assert.Equal(reached, (await new Call().From(address).OfAsync(Changes, AccessMode.Loopback)).Reached);

    [Fact]
    public async Task Is_nobody_where_the_connection_says_nothing() => Assert.False((await new Call().OfAsync(Changes, AccessMode.Loopback)).Reached);

    [Fact]
    public async Task Acts_under_their_own_name_whatever_they_write()
    {
        var call = await new Call().SignedInAs(Forged).OfAsync(Changes);

        Assert.Equal("joe", Caller.Of(call.Http.Request).ActsAs("somebody else", "unnamed"));
    }

    [Theory]
    [InlineData("operator", true)]
    [InlineData("operator Payload.Read", false)]
    [InlineData("reader Payload.Read", false)]
    public async Task Sees_payloads_with_a_role_of_its_own(string roles, bool redacted)
    {
        var call = await new Call().SignedInAs(Call.Principal("ada", roles.Split(' '))).OfAsync("GetStream");
        var shown = Redacted.Unless(call.Http.Request, "card 4111");

        Assert.Equal(redacted, shown is Redacted { Takes: "Payload.Read" });
        Assert.Equal(!redacted, shown is "card 4111");
    }

    [Fact]
    public void Past_the_authorization_is_an_error() => Assert.Throws<InvalidOperationException>(() => Caller.Of(new DefaultHttpContext().Request));

    [Fact]
    public async Task Is_told_in_a_problem_and_with_headers_that_hold_for_every_answer()
    {
        var call = await new Call().OfAsync(Changes);

        Assert.StartsWith("application/problem+json", call.Http.Response.ContentType, StringComparison.Ordinal);
        Assert.Contains("\"status\":401", call.Body(), StringComparison.Ordinal);
        Assert.Equal("nosniff", call.Http.Response.Headers.XContentTypeOptions);
        Assert.Contains("frame-ancestors 'none'", call.Http.Response.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
    }
}
