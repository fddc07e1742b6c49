using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Testing.DurableTask;

/// <summary>
/// What any Durable Task backend does that the app relies on, said in Microsoft's API alone, so that the same tests run on the embedded
/// engine and on a real one.
/// </summary>
public abstract partial class DurableTaskConformance
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(5);

    /// <summary>A backend that runs <paramref name="tasks"/>.</summary>
    protected abstract Task<IDurableBackend> StartAsync(DurableTasks tasks);

    protected static string NewId() => $"test-{Guid.NewGuid():N}";

    protected static StartOrchestrationOptions As(string id) => new(id);

    /// <summary>Starts an instance and lets time pass until it ends.</summary>
    protected static async Task<OrchestrationMetadata> RunAsync(IDurableBackend backend, string orchestrator, object? input = null, string? id = null)
    {
        id = await backend.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, As(id ?? NewId()));
        return await EndAsync(backend, id);
    }

    protected static async Task<OrchestrationMetadata> EndAsync(IDurableBackend backend, string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        var ending = backend.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
        while (await Task.WhenAny(ending, Task.Delay(Glance, TimeProvider.System)) != ending) await backend.AdvanceAsync(Second);
        return await ending;
    }

    /// <summary>Ends without any time passing.</summary>
    protected static async Task<OrchestrationMetadata> EndAtOnceAsync(IDurableBackend backend, string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await backend.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
    }

    protected static Task<OrchestrationMetadata> SeenAsync(IDurableBackend backend, string id, string customStatus) =>
        SeenAsync(backend, id, instance => instance.SerializedCustomStatus == $"\"{customStatus}\"");

    protected static async Task<OrchestrationMetadata> SeenAsync(IDurableBackend backend, string id, Func<OrchestrationMetadata, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var instance = await backend.Client.GetInstanceAsync(id, getInputsAndOutputs: true, limit.Token);
            if (instance is not null && condition(instance)) return instance;
            await Task.Delay(Glance, TimeProvider.System, limit.Token);
        }
    }

    protected static void Completed<T>(T expected, OrchestrationMetadata instance)
    {
        Assert.True(
            instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed,
            $"{instance.InstanceId} is {instance.RuntimeStatus}: {instance.FailureDetails}");
        Assert.Equal(expected, instance.ReadOutputAs<T>());
    }

    protected static TaskFailureDetails Failed(OrchestrationMetadata instance)
    {
        Assert.Equal(OrchestrationRuntimeStatus.Failed, instance.RuntimeStatus);
        return Assert.IsType<TaskFailureDetails>(instance.FailureDetails);
    }
}
