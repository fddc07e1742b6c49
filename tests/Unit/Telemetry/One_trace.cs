using System.Collections.Concurrent;
using System.Diagnostics;
using Atomic.Functions.Orchestration;
using Atomic.Services.Ordering;
using Atomic.Unit.Coordination;
using Xunit;

namespace Atomic.Unit.Telemetry;

/// <summary>All of a transaction is one trace, from its start through broker and steps to what its events are projected to.</summary>
public sealed class One_trace : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public One_trace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Atomic.Functions",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public static TheoryData<string> Couplings => [.. Coupling.All];

    public void Dispose() => _listener.Dispose();

    [Theory]
    [MemberData(nameof(Couplings))]
    public void Holds_the_start_every_step_and_every_projection(string coupling)
    {
        using var app = Shop.Open();
        var id = app.Begin("place-order", coupling, Shop.Order());
        app.Scheduler.RunFor(TimeSpan.FromHours(1));

        var recorded = app.Scheduler.Run(() => app.Store.FindCommitAsync<Order>("o-1", 2, CancellationToken.None))!.Events[0];
        var trace = ActivityContext.Parse(recorded.Context.TraceParent!, null).TraceId;
        var spans = _ended.Where(span => span.TraceId == trace).ToList();

        var names = spans.Select(span => span.OperationName).ToHashSet();
        string[] expected =
        [
            "start place-order", "ordering CreateOrder", "inventory ReserveStock", "shipping BookShipment", "payments AuthorizePayment",
            "payments CapturePayment", "ordering ConfirmOrder", "project orders", "project stock-levels", "project payments", "project shipments", "track",
        ];
        Assert.Empty(expected.Except(names));
        if (coupling == Coupling.Events) Assert.Contains("inventory hears Succeeded create-order", names);
        Assert.Equal(id, Assert.Single(spans, span => span.OperationName == "start place-order").GetTagItem("atomic.transaction"));
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        Assert.All(spans, span => Assert.True(span.ParentSpanId == default || ids.Contains(span.ParentSpanId), span.OperationName));
        Assert.Single(spans, span => span.ParentSpanId == default);
    }
}
