using System.Runtime.CompilerServices;
using Atomic.LocalHost.DurableTask.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.DurableTask;

internal sealed partial class EmbeddedDurableTaskClient
{
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        var query = filter ?? new OrchestrationQuery();
        return new InstancePages(query, query.TaskHubNames?.Contains(Name) == false ? _ => [] : Select);
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        var statuses = (runtimeStatus ?? Enum.GetValues<OrchestrationRuntimeStatus>()).Where(InstanceState.IsEnd).ToArray();
        var found = statuses.Length == 0 ? [] : Select(new InstanceFilter
        {
            Statuses = statuses,
            UpdatedFrom = completedTimeFrom,
            UpdatedTo = completedTimeTo,
            Count = pageSize + 1,
            Continuation = lastInstanceKey,
        });
        var (page, next) = Cut(found, pageSize);
        return Task.FromResult(new Page<string>([.. page.Select(instance => instance.Row.Id)], next));
    }

    private static (IReadOnlyList<StoredInstance> Page, string? Next) Cut(IReadOnlyList<StoredInstance> found, int pageSize) =>
        found.Count <= pageSize ? (found, null) : ([.. found.Take(pageSize)], InstanceFilter.After(found[pageSize - 1].Row));

    private IReadOnlyList<StoredInstance> Select(InstanceFilter filter)
    {
        hub.ThrowIfStopping();
        return hub.Reader.Select(filter);
    }

    private sealed class InstancePages(OrchestrationQuery query, Func<InstanceFilter, IReadOnlyList<StoredInstance>> select)
        : AsyncPageable<OrchestrationMetadata>
    {
        public override IAsyncEnumerable<Page<OrchestrationMetadata>> AsPages(string? continuationToken = null, int? pageSizeHint = null) =>
            PagesAsync(continuationToken ?? query.ContinuationToken, pageSizeHint ?? query.PageSize);

        private async IAsyncEnumerable<Page<OrchestrationMetadata>> PagesAsync(
            string? continuation, int pageSize, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
            var filter = new InstanceFilter
            {
                CreatedFrom = query.CreatedFrom,
                CreatedTo = query.CreatedTo,
                Statuses = query.Statuses?.ToArray(),
                Prefix = query.InstanceIdPrefix,
                Count = pageSize + 1,
                Continuation = continuation,
            };
            do
            {
                cancellation.ThrowIfCancellationRequested();
                var (page, next) = Cut(select(filter), pageSize);
                yield return new Page<OrchestrationMetadata>([.. page.Select(instance => Metadata(instance, query.FetchInputsAndOutputs))], next);
                await Task.CompletedTask;
                filter = filter with { Continuation = next };
            }
            while (filter.Continuation is not null);
        }
    }
}
