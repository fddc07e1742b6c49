using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Testing.DurableTask;

public abstract partial class DurableTaskConformance
{
    [Fact]
    public async Task A_query_pages_through_every_instance_of_a_prefix_once()
    {
        await using var backend = await StartAsync(Waiting());
        var prefix = NewId();
        for (var i = 0; i < 7; i++) await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", i, As($"{prefix}-{i}"));

        var pages = new List<Page<OrchestrationMetadata>>();
        string? continuation = null;
        do
        {
            var query = new OrchestrationQuery(InstanceIdPrefix: prefix, PageSize: 3, ContinuationToken: continuation);
            await foreach (var page in backend.Client.GetAllInstancesAsync(query).AsPages())
            {
                pages.Add(page);
                break;
            }

            continuation = pages[^1].ContinuationToken;
        }
        while (continuation is not null);

        Assert.All(pages, page => Assert.InRange(page.Values.Count, 0, 3));
        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => $"{prefix}-{i}"), pages.SelectMany(page => page.Values).Select(instance => instance.InstanceId).Order());
    }

    [Fact]
    public async Task A_query_filters_by_status()
    {
        await using var backend = await StartAsync(Waiting());
        var prefix = NewId();
        foreach (var name in new[] { "a", "b" })
        {
            await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, As($"{prefix}-{name}"));
            await SeenAsync(backend, $"{prefix}-{name}", "waiting");
        }

        await backend.Client.RaiseEventAsync($"{prefix}-a", "go", "");
        await EndAtOnceAsync(backend, $"{prefix}-a");

        Assert.Equal([$"{prefix}-a"], await IdsAsync(backend, prefix, OrchestrationRuntimeStatus.Completed));
        Assert.Equal([$"{prefix}-b"], await IdsAsync(backend, prefix, OrchestrationRuntimeStatus.Running));
        Assert.Equal([$"{prefix}-a", $"{prefix}-b"], await IdsAsync(backend, prefix, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Completed));
        Assert.Empty(await IdsAsync(backend, prefix, OrchestrationRuntimeStatus.Failed));
    }

    [Fact]
    public async Task A_query_filters_by_the_time_of_creation()
    {
        await using var backend = await StartAsync(Waiting());
        var prefix = NewId();
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, As($"{prefix}-old"));
        var old = (await SeenAsync(backend, $"{prefix}-old", "waiting")).CreatedAt;
        await backend.AdvanceAsync(TimeSpan.FromSeconds(3));
        await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", null, As($"{prefix}-new"));
        var middle = old.AddSeconds(1);

        Assert.Equal([$"{prefix}-new"], await IdsAsync(backend, new OrchestrationQuery(InstanceIdPrefix: prefix, CreatedFrom: middle)));
        Assert.Equal([$"{prefix}-old"], await IdsAsync(backend, new OrchestrationQuery(InstanceIdPrefix: prefix, CreatedTo: middle)));
    }

    [Fact]
    public async Task A_query_fetches_inputs_outputs_and_status_on_demand()
    {
        await using var backend = await StartAsync(Waiting());
        var id = await backend.Client.ScheduleNewOrchestrationInstanceAsync("wait", "input", As(NewId()));
        await SeenAsync(backend, id, "waiting");

        await foreach (var instance in backend.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: id)))
            Assert.Null(instance.SerializedInput);
        await foreach (var instance in backend.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: id, FetchInputsAndOutputs: true)))
            Assert.Equal(("input", "waiting"), (instance.ReadInputAs<string>(), instance.ReadCustomStatusAs<string>()));
    }

    private static Task<List<string>> IdsAsync(IDurableBackend backend, string prefix, params OrchestrationRuntimeStatus[] statuses) =>
        IdsAsync(backend, new OrchestrationQuery(InstanceIdPrefix: prefix, Statuses: statuses));

    private static async Task<List<string>> IdsAsync(IDurableBackend backend, OrchestrationQuery query)
    {
        var ids = new List<string>();
        await foreach (var instance in backend.Client.GetAllInstancesAsync(query)) ids.Add(instance.InstanceId);
        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
