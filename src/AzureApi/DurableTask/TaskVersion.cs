namespace Microsoft.DurableTask
{
    public readonly struct TaskVersion : IEquatable<TaskVersion>
    {
        public static readonly TaskVersion Unversioned = new(string.Empty);

        public TaskVersion(string version) => Version = version;

        public string Version { get; }

        public static implicit operator string(TaskVersion value) => value.Version;

        public static implicit operator TaskVersion(string value) => new(value);

        public static bool operator ==(TaskVersion a, TaskVersion b) => a.Equals(b);

        public static bool operator !=(TaskVersion a, TaskVersion b) => !a.Equals(b);

        public bool Equals(TaskVersion other) => string.Equals(Version, other.Version, StringComparison.OrdinalIgnoreCase);

        public override bool Equals(object? obj) => obj is TaskVersion other && Equals(other);

        public override int GetHashCode() => Version is null ? 0 : StringComparer.OrdinalIgnoreCase.GetHashCode(Version);
    }
}

namespace Microsoft.DurableTask.Abstractions
{
    public static class TaskOrchestrationVersioningUtils
    {
        // No version is older than any; versions that .NET can read are compared as such, all others as text.
        public static int CompareVersions(string sourceVersion, string otherVersion)
        {
            var (source, other) = (string.IsNullOrWhiteSpace(sourceVersion), string.IsNullOrWhiteSpace(otherVersion));
            if (source || other) return other.CompareTo(source);
            return Version.TryParse(sourceVersion, out var left) && Version.TryParse(otherVersion, out var right)
                ? left.CompareTo(right)
                : string.Compare(sourceVersion, otherVersion, StringComparison.OrdinalIgnoreCase);
        }
    }
}
