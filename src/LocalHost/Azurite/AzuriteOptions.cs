namespace Atomic.LocalHost.Azurite;

/// <summary>Which Azurite to find or start, and where it keeps its data.</summary>
public sealed class AzuriteOptions
{
    /// <summary>The version that is installed when none listens.</summary>
    public const string Version = "3.37.0";

    /// <summary>Where it keeps its data; made when it is missing.</summary>
    public required string DataFolder { get; init; }

    public int BlobPort { get; init; } = 10000;

    public int QueuePort { get; init; } = 10001;

    public int TablePort { get; init; } = 10002;

    /// <summary>
    /// Whether it keeps nothing in files. Into them it writes all that it has, every five seconds in which anything changed, and answers
    /// nobody meanwhile: with a few hundred thousand rows that is most of its time.
    /// </summary>
    public bool InMemory { get; init; }

    /// <summary>Where it is installed, one folder a version, for all that this user runs.</summary>
    public string CacheFolder { get; init; } = Path.Combine(UserFolder(), "atomic", "azurite");

    /// <summary>The folders in which <c>node</c> and <c>npm</c> are looked for, as in the variable PATH.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";

    internal IEnumerable<AzuriteService> Services =>
        [new("Blob", BlobPort), new("Queue", QueuePort), new("Table", TablePort)];

    private static string UserFolder()
    {
        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length > 0 ? folder : Path.GetTempPath();
    }
}

/// <summary>One of the three that Azurite consists of.</summary>
internal sealed record AzuriteService(string Name, int Port);
