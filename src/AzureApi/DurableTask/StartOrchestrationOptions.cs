namespace Microsoft.DurableTask
{
    public record StartOrchestrationOptions
    {
        public StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null)
        {
            this.InstanceId = InstanceId;
            this.StartAt = StartAt;
        }

        public StartOrchestrationOptions(StartOrchestrationOptions options)
        {
            ArgumentNullException.ThrowIfNull(options);
            InstanceId = options.InstanceId;
            StartAt = options.StartAt;
            Tags = options.Tags;
            Version = options.Version;
            DedupeStatuses = options.DedupeStatuses;
        }

        public string? InstanceId { get; init; }

        public DateTimeOffset? StartAt { get; init; }

        public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>().AsReadOnly();

        public TaskVersion? Version { get; init; }

        public IReadOnlyList<string>? DedupeStatuses { get; init; }
    }
}

namespace Microsoft.DurableTask.Client
{
    public static class StartOrchestrationOptionsExtensions
    {
        public static StartOrchestrationOptions WithDedupeStatuses(
            this StartOrchestrationOptions options, params OrchestrationRuntimeStatus[] dedupeStatuses) =>
            options with { DedupeStatuses = [.. dedupeStatuses.Select(status => status.ToString())] };
    }
}
