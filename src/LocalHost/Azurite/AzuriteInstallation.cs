using System.Diagnostics;

namespace Atomic.LocalHost.Azurite;

/// <summary>
/// Azurite from npm, in a folder of the user's: there or not there, never in part. It is installed as package-lock.json says, beside its place, and
/// then moved to it, by one process at a time; the lock falls with the process that holds it.
/// </summary>
internal sealed class AzuriteInstallation(AzuriteOptions options, TimeProvider time)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Path.Combine(options.CacheFolder, AzuriteOptions.Version);

    public bool Exists => File.Exists(Script);

    /// <summary>What <c>node</c> runs.</summary>
    public string Script => Path.Combine(_folder, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <exception cref="AzuriteException">npm is missing, or failed.</exception>
    public async Task<string> InstallAsync(CancellationToken cancellation)
    {
        if (Exists) return Script;
        var npm = Executable.Find("npm", options.SearchPath);
        await using var turn = await LockAsync(cancellation);
        if (Exists) return Script;

        var incomplete = Path.Combine(options.CacheFolder, $"{AzuriteOptions.Version}.incomplete");
        Remove(incomplete);
        Remove(_folder);
        Directory.CreateDirectory(incomplete);
        await WriteAsync("package.json", incomplete, cancellation);
        await WriteAsync("package-lock.json", incomplete, cancellation);
        await RunAsync(npm, incomplete, cancellation);
        Directory.Move(incomplete, _folder);
        return Exists ? Script : throw new AzuriteException(
            $"npm installed azurite@{AzuriteOptions.Version}, but {Script} is not there: remove {_folder} and try again.");
    }

    private async Task RunAsync(string npm, string folder, CancellationToken cancellation)
    {
        // Azurite asks for a newer Node than it needs, and none of what it brings needs its install scripts.
        string[] arguments =
        [
            "ci", "--prefix", folder, "--ignore-scripts", "--engine-strict=false", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error",
        ];
        var start = Executable.StartInfo(npm, arguments, options.SearchPath);
        start.WorkingDirectory = folder;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode == 0) return;
        var said = Sentence.Of(await errors + await output);
        throw new AzuriteException(
            $"npm could not install azurite@{AzuriteOptions.Version} (exit code {process.ExitCode}: {said}): "
            + "try again when the npm registry can be reached, or name a storage of your own with --storage CONNECTION.");
    }

    private static async Task WriteAsync(string resource, string folder, CancellationToken cancellation)
    {
        await using var from = typeof(AzuriteInstallation).Assembly.GetManifestResourceStream(resource)!;
        await using var to = File.Create(Path.Combine(folder, resource));
        await from.CopyToAsync(to, cancellation);
    }

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(options.CacheFolder);
        while (true)
        {
            try
            {
                var path = Path.Combine(options.CacheFolder, "install.lock");
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(BetweenTries, time, cancellation);
            }
        }
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
