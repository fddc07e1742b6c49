using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Functions.Orchestration;
using Atomic.Testing.Azurite;
using Atomic.Transactions;
using Xunit;

namespace Atomic.Integration.Coordination;

/// <summary>
/// What a client began is one trace: the start over HTTP, every step whichever way it is reached, what its events are projected to, and the
/// tracker; each span under the one that caused it.
/// </summary>
[Collection(AzuriteFixture.Collection)]
public sealed class One_trace_over_the_real_host : IClassFixture<ClassHost>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly string[] Steps =
    [
        "ordering CreateOrder", "inventory ReserveStock", "shipping BookShipment", "payments AuthorizePayment", "payments CapturePayment", "ordering ConfirmOrder",
    ];

    private readonly ClassHost _hosts;
    private readonly ConcurrentQueue<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public One_trace_over_the_real_host(ClassHost hosts)
    {
        _hosts = hosts;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore" || source.Name.StartsWith("Atomic.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public static TheoryData<string> Couplings => [.. Coupling.All];

    public void Dispose() => _listener.Dispose();

    [Theory]
    [MemberData(nameof(Couplings))]
    public async Task Holds_all_of_a_transaction(string coupling)
    {
        var host = await _hosts.StartedAsync();
        var (sample, number) = (Sample.All["place-order"], Guid.NewGuid().ToString("N")[..12]);
        await sample.SeedAsync(host, number);
        var (trace, client) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());

        var id = await StartAsync(host, coupling, sample.Input(number), $"00-{trace}-{client}-01");
        await host.UntilAsync(id, found => found.State == TransactionState.Completed);
        string[] expected = ["start place-order", .. Steps, "project orders", "project stock-levels", "project payments", "project shipments", "track"];
        // The last are projected after the end, and an activity's own span ends after what it called.
        await UntilAsync(() => !expected.Except(Of(trace).Select(span => span.OperationName)).Any() && IsLinked(Of(trace), client), () => Text(Of(trace), expected));

        var spans = Of(trace);
        Assert.Equal(id, Assert.Single(spans, span => span.OperationName == "start place-order").GetTagItem("atomic.transaction"));
        var byId = spans.ToDictionary(span => span.SpanId);
        var request = Assert.Single(spans, span => span.ParentSpanId == client);
        Assert.Equal("Microsoft.AspNetCore", request.Source.Name);
        Assert.All(spans.Where(span => span.OperationName.StartsWith("project ", StringComparison.Ordinal)), span => Assert.Contains(byId[span.ParentSpanId].OperationName, Steps));
        if (coupling == Coupling.Events)
            Assert.Equal("inventory hears Succeeded create-order", byId[spans.Single(span => span.OperationName == "inventory ReserveStock").ParentSpanId].OperationName);
        else
            Assert.Contains("start place-order", Ancestors(spans.First(span => span.OperationName == "inventory ReserveStock"), byId));
        var foreign = _ended.Where(span => span.TraceId != trace && Equals(span.GetTagItem("atomic.transaction"), id)).Select(span => span.OperationName);
        Assert.Empty(foreign);
    }

    private static async Task<string> StartAsync(CoordinatedHost host, string coupling, object input, string traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/transactions/place-order?coordination={coupling}");
        request.Content = JsonContent.Create(input, input.GetType(), options: StorageJson.Options);
        request.Headers.Add("traceparent", traceParent);
        using var response = await host.Client.SendAsync(request);
        return JsonSerializer.Deserialize<TransactionView>(await response.Content.ReadAsStringAsync(), StorageJson.Options)!.Id;
    }

    private List<Activity> Of(ActivityTraceId trace) => [.. _ended.Where(span => span.TraceId == trace)];

    /// <summary>Every span is under another of the trace, and the first under the client's.</summary>
    private static bool IsLinked(IReadOnlyList<Activity> spans, ActivitySpanId client)
    {
        var ids = spans.Select(span => span.SpanId).Append(client).ToHashSet();
        return spans.All(span => ids.Contains(span.ParentSpanId));
    }

    private static IEnumerable<string> Ancestors(Activity span, Dictionary<ActivitySpanId, Activity> byId)
    {
        for (var next = span; byId.TryGetValue(next.ParentSpanId, out var parent); next = parent) yield return parent.OperationName;
    }

    private static string Text(IReadOnlyList<Activity> spans, IEnumerable<string> expected)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        var loose = spans.Where(span => !ids.Contains(span.ParentSpanId)).Select(span => span.OperationName);
        return $"missing: {string.Join(", ", expected.Except(spans.Select(span => span.OperationName)))}; under nothing: {string.Join(", ", loose)}";
    }

    // TimeProvider.System: what is waited for happens on other threads.
    private static async Task UntilAsync(Func<bool> holds, Func<string> what)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !holds(); await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System))
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience) throw new TimeoutException(what());
        }
    }
}
