using Atomic.LocalHost.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class Log_lines : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Are_one_each_for_warnings_and_errors_with_what_went_wrong()
    {
        Log(verbose: false, logger =>
        {
            logger.LogInformation("A function succeeded.");
            logger.LogWarning("Take\ncare.");
            logger.LogError(new InvalidOperationException("Outer.", new TimeoutException("Inner.")), "A function failed.");
        });

        Assert.Equal(
            "12:00:00.000 warning: Take care.\n12:00:00.000 error: A function failed. InvalidOperationException: Outer. (TimeoutException: Inner.)\n",
            _output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Tell_of_every_call_and_exceptions_in_full_when_verbose()
    {
        Log(verbose: true, logger =>
        {
            logger.LogInformation("A function succeeded.");
            logger.LogError(Thrown(), "A function failed.");
        });

        Assert.Contains("info: A function succeeded.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(Thrown), _output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _output.Dispose();

    private void Log(bool verbose, Action<ILogger> log)
    {
        using var logs = LogLines.Create(_output, _time, verbose);
        log(logs.CreateLogger("Atomic.Something"));
    }

    private static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("It failed.");
        }
        catch (InvalidOperationException e)
        {
            return e;
        }
    }
}
