using Atomic.LocalHost.Azurite;
using Atomic.LocalHost.Runtime;

namespace Atomic.LocalHost.CommandLine;

/// <summary>The folder in which the host keeps its files, held by one host at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        _path = path;
        _lock = @lock;
    }

    public string Path => _path;

    public string Bus => In("service-bus.db");

    public string Azurite => In("azurite");

    public string Timers => In("timers");

    /// <exception cref="StartupException">Another host holds it, or it cannot be written to.</exception>
    public static DataFolder Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
            // The system's own lock on the file: it falls with its process, however that ends.
            return new DataFolder(full, new FileStream(System.IO.Path.Combine(full, "host.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException($"The data folder {full} cannot be written to: name another with --data.", e);
        }
        catch (IOException e) when (Directory.Exists(full))
        {
            throw new StartupException($"Another host runs on the data folder {full}: stop it, or name another folder with --data.", e);
        }
        catch (IOException e)
        {
            throw new StartupException($"The data folder {full} cannot be made ({e.Message}): name another with --data.", e);
        }
    }

    /// <summary>Removes what hosts have left here, and nothing else that may be in a folder of the user's.</summary>
    public async Task ResetAsync(Action<string> progress, TimeProvider time, CancellationToken cancellation)
    {
        // An Azurite that is about to end is known by its logs, which are among what is removed.
        await AzuriteServer.LeftBehindAsync(Azurite, progress, time, cancellation);
        // A file a task hub, and what SQLite keeps beside it.
        foreach (var file in Directory.EnumerateFiles(_path, "durable-task*.db*")) File.Delete(file);
        foreach (var file in new[] { Bus, $"{Bus}-wal", $"{Bus}-shm" }) File.Delete(file);
        foreach (var folder in new[] { Azurite, Timers }.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    public void Dispose() => _lock.Dispose();

    private string In(string name) => System.IO.Path.Combine(_path, name);
}
