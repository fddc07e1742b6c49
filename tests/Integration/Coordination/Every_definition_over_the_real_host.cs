using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>
/// Each shipped definition, in each coupling, with each of its steps going wrong in each way, over HTTP and the real host: it ends as the rule
/// says, and the three couplings leave the same behind. All of them run at once, in one host.
/// </summary>
public sealed class Every_definition_over_the_real_host(AllScenarios scenarios) : IClassFixture<AllScenarios>
{
    public static TheoryData<string, Happening, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, Happening, string>();
            foreach (var (sample, happening, step) in AllScenarios.Rows) rows.Add(sample, happening, step);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Ends_as_the_rule_says_and_alike_in_all_couplings(string sample, Happening happening, string step)
    {
        var ended = await Task.WhenAll(Coupling.All.Select(coupling => scenarios.EndOfAsync(sample, happening, step, coupling)));

        Assert.All(ended, one => Assert.Equal(ended[0], one));
        Assert.Equal(ExpectedOf(Sample.All[sample].Effective, happening, step), ended[0].State);
    }

    private static TransactionState ExpectedOf(Definition definition, Happening happening, string step) => happening switch
    {
        Happening.Nothing or Happening.LosesItsReply or Happening.IsCancelledAfterThePivot => TransactionState.Completed,
        Happening.NeverWorks when definition.KindOf(step) == StepKind.ForwardOnly => TransactionState.Completed,
        _ => TransactionState.Compensated,
    };
}

/// <summary>Every scenario, begun together.</summary>
public sealed class AllScenarios : IAsyncLifetime, IDisposable
{
    private const int AtOnce = 48;

    private static readonly TimeSpan Deadline = TimeSpan.FromHours(48);

    /// <summary>The shipped ones, each with a deadline.</summary>
    private static readonly IReadOnlyList<TransactionType> Definitions =
        [.. ShippedDefinitions.All.Select(type => type.Definition.Deadline is null ? type with { Definition = type.Definition.WithDeadline(Deadline) } : type)];

    private readonly AzuriteFixture _azurite = new();
    private readonly SemaphoreSlim _room = new(AtOnce);
    private readonly Dictionary<(string Sample, Happening Happening, string Step, string Coupling), Task<Ended>> _running = [];
    private CoordinatedHost? _host;

    public static IEnumerable<(string Sample, Happening Happening, string Step)> Rows =>
        from sample in Sample.All.Values
        from row in RowsOf(sample.Effective, sample.Before)
        select (sample.Name, row.Happening, row.Step);

    public async Task InitializeAsync()
    {
        await _azurite.InitializeAsync();
        _host = await CoordinatedHost.StartAsync(_azurite, Definitions);
        var scenarios = Rows.SelectMany(row => Coupling.All.Select(coupling => new Scenario(Sample.All[row.Sample], row.Happening, row.Step, coupling))).ToList();

        // Time leaps for all, so those that wait for it run when the others have ended, and those that wait for longer last.
        await RunAsync(scenarios.Where(one => one.Happening is not (Happening.IsNotDecided or Happening.PassesTheDeadline)), TimeSpan.Zero);
        await RunAsync(scenarios.Where(one => one.Happening == Happening.IsNotDecided), TimeSpan.FromHours(25));
        // What stands still holds up its queue, and so the step of another definition that is to stand still there, too.
        foreach (var late in scenarios.Where(one => one.Happening == Happening.PassesTheDeadline).GroupBy(one => one.Sample))
            await RunAsync(late, Deadline + TimeSpan.FromHours(1));
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    public void Dispose() => _room.Dispose();

    internal Task<Ended> EndOfAsync(string sample, Happening happening, string step, string coupling) => _running[(sample, happening, step, coupling)];

    /// <summary>Runs them to their ends, good or bad. The time leaps once all of them wait for it.</summary>
    private async Task RunAsync(IEnumerable<Scenario> scenarios, TimeSpan leap)
    {
        var all = scenarios.ToList();
        var (waiting, leapt) = (all.Count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        foreach (var one in all) _running.Add((one.Sample.Name, one.Happening, one.Step, one.Coupling), RunOneAsync(one));
        Task ended = Task.WhenAll(all.Select(one => _running[(one.Sample.Name, one.Happening, one.Step, one.Coupling)]));
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task<Ended> RunOneAsync(Scenario one)
        {
            var waits = false;
            await _room.WaitAsync();
            try
            {
                return await one.RunAsync(_host!, () =>
                {
                    waits = true;
                    return LeapAsync();
                });
            }
            finally
            {
                // One that has failed before it waits must not keep the others waiting.
                if (!waits) _ = LeapAsync();
                _room.Release();
            }
        }

        Task LeapAsync()
        {
            if (Interlocked.Decrement(ref waiting) > 0) return leapt.Task;
            _host!.Time.Leap(leap);
            leapt.SetResult();
            return leapt.Task;
        }
    }

    private static IEnumerable<(Happening Happening, string Step)> RowsOf(Definition definition, string before)
    {
        yield return (Happening.Nothing, "");
        foreach (var step in definition.Steps)
        {
            var kind = definition.KindOf(step.Name);
            if (kind != StepKind.ForwardOnly) yield return (Happening.IsRefused, step.Name);
            if (step.DecisionLimit is not null) yield return (Happening.IsNotDecided, step.Name);
            else yield return (Happening.NeverWorks, step.Name);
            yield return (Happening.LosesItsReply, step.Name);
            if (step.Compensation is not null) yield return (Happening.IsNeverUndone, step.Name);
        }

        yield return (Happening.IsCancelledBeforeThePivot, before);
        yield return (Happening.IsCancelledAfterThePivot, definition.SuccessorsOf(definition.Pivot).First().Name);
        yield return (Happening.PassesTheDeadline, before);
    }
}
