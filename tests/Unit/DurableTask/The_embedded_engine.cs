using Atomic.Testing.DurableTask;

namespace Atomic.Unit.DurableTask;

public sealed class The_embedded_engine : DurableTaskConformance
{
    protected override async Task<IDurableBackend> StartAsync(DurableTasks tasks) => await EmbeddedBackend.StartAsync(tasks);
}
