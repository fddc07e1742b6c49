using Atomic.Functions.Definitions;
using Atomic.LocalHost.CommandLine;
using Atomic.Unit.Verification;
using Atomic.Verification;
using Atomic.Verification.Faults;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.CommandLine;

public sealed class The_command_verify : IDisposable
{
    // It stands still: nothing takes so long that progress is told of.
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly string _data = Directory.CreateTempSubdirectory("verdicts").FullName;

    [Fact]
    public async Task Prints_a_table_of_what_it_tried_and_ends_with_0()
    {
        var exit = await RunAsync(null, "verify", "transfer-money", "--fault", "withdraw/do/refused");

        Assert.Equal((0, ""), (exit, $"{_errors}"));
        Assert.StartsWith("transfer-money: 3 runs, 0 violations, ", $"{_output}", StringComparison.Ordinal);
        Assert.Contains("requests          commands            events", $"{_output}", StringComparison.Ordinal);
        Assert.EndsWith($"Nothing is wrong.{Environment.NewLine}", $"{_output}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_1_when_something_is_wrong_and_says_how_to_repeat_it()
    {
        var wrong = new VerificationOptions { Variant = new Variant { Storage = store => new StoreWithoutRecords(store) } };

        var exit = await RunAsync(wrong, "verify", "transfer-money", "--coupling", "commands", "--seed", "3", "--fault", "withdraw/do/twice");

        Assert.Equal(1, exit);
        Assert.Contains("withdraw is done again at accountsAccount:a", $"{_output}", StringComparison.Ordinal);
        Assert.Contains("repeat it with --coupling commands --seed 3 --fault \"withdraw/do/twice\"", $"{_output}", StringComparison.Ordinal);
        Assert.Contains("sequenceDiagram", $"{_output}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify", "no-such-definition")]
    [InlineData("verify", "transfer-money", "--coupling", "telepathy")]
    [InlineData("verify", "transfer-money", "--fault", "no-such-fault")]
    public async Task Ends_with_1_and_a_sentence_when_there_is_no_such_thing(params string[] arguments)
    {
        Assert.Equal(1, await RunAsync(null, arguments));
        Assert.Contains(arguments[^1], $"{_errors}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_its_verdict_for_the_host_that_shows_it()
    {
        Assert.Equal(0, await RunAsync(null, "verify", "transfer-money", "--data", _data));

        var kept = await FindAsync();

        Assert.Equal((0, null), (kept!.Violations, kept.Counterexample));
        Assert.StartsWith($"transfer-money: {kept.Runs} runs, ", $"{_output}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_the_sequence_of_what_is_wrong()
    {
        var wrong = new VerificationOptions { Variant = new Variant { Storage = store => new StoreWithoutRecords(store) }, Kinds = [FaultClass.DeliveredTwice] };

        Assert.Equal(1, await RunAsync(wrong, "verify", "transfer-money", "--data", _data));

        var kept = await FindAsync();
        Assert.True(kept!.Violations > 0);
        Assert.Contains("sequenceDiagram", kept.Counterexample, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_no_verdict_where_it_tried_a_part_of_it()
    {
        Assert.Equal(0, await RunAsync(null, "verify", "transfer-money", "--data", _data, "--fault", "withdraw/do/refused"));

        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task Says_so_when_there_is_no_place_for_its_verdict()
    {
        var occupied = Path.Combine(_data, "a-file");
        await File.WriteAllTextAsync(occupied, "");

        Assert.Equal(0, await RunAsync(new VerificationOptions { Kinds = [FaultClass.Refused] }, "verify", "transfer-money", "--data", occupied));

        Assert.StartsWith("The verdict on transfer-money is not kept", $"{_errors}", StringComparison.Ordinal);
        Assert.EndsWith($"Nothing is wrong.{Environment.NewLine}", $"{_output}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_a_damaged_verdict_for_none()
    {
        Assert.Equal(0, await RunAsync(new VerificationOptions { Kinds = [FaultClass.Refused] }, "verify", "transfer-money", "--data", _data));
        foreach (var file in Directory.EnumerateFiles(_data, "*.json", SearchOption.AllDirectories)) await File.WriteAllTextAsync(file, "");

        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task Explains_itself()
    {
        Assert.Equal(0, await RunAsync(null, "verify", "--help"));
        Assert.All(["definition", "--coupling", "--seed", "--fault", "--data"], part => Assert.Contains(part, $"{_output}", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private Task<LastVerdict?> FindAsync() => new VerdictFolder(_data).FindAsync("transfer-money", 1, CancellationToken.None);

    private Task<int> RunAsync(VerificationOptions? basis, params string[] arguments) => HostCommand.InvokeAsync(
        HostCommand.Create(
            _ => Task.FromResult(9),
            (verify, cancellation) => new VerifyRun(verify, _output, _errors, _time, basis).RunAsync(cancellation)),
        arguments, _output, _errors);
}
