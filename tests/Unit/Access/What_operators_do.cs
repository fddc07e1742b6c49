using Atomic.Functions.Access;
using Atomic.Unit.Telemetry;
using Xunit;

namespace Atomic.Unit.Access;

/// <summary>The audit: who did what, written before it is done, whatever becomes of it.</summary>
public sealed class What_operators_do
{
    private readonly KeptLog<Authorization> _log = new();

    public static TheoryData<string> Acts => new(HttpFunctionOfApp.All.Where(function => !function.OnlyLooks).Select(function => function.Name));

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task Is_on_record_before_it_is_done(string function)
    {
        var call = new Call().SignedInAs(Call.Principal("joe@example.org", "operator"));
        call.Http.Request.Path = "/api/things/t-1";
        List<string> before = [];

        await call.OfAsync(function, log: _log, reached: () =>
        {
            before.AddRange(_log.Lines);
            return Task.CompletedTask;
        });

        var line = Assert.Single(before);
        Assert.Contains("OperatorActs", line, StringComparison.Ordinal);
        Assert.Contains($"joe@example.org calls {function} at /api/things/t-1", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_on_record_when_it_was_refused()
    {
        await new Call().SignedInAs(Call.Principal("ada@example.org", "reader")).OfAsync("DiscardDeadLetter", log: _log);

        Assert.Contains("ada@example.org may not call DiscardDeadLetter: 403", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_told_apart_from_looking()
    {
        await new Call().SignedInAs(Call.Principal("joe@example.org", "operator")).OfAsync("GetFlows", log: _log);

        Assert.Empty(_log.Lines);
    }
}
