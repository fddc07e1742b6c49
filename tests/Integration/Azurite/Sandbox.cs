using Atomic.LocalHost.Azurite;
using Atomic.Testing.Hosting;

namespace Atomic.Integration.Azurite;

/// <summary>Folders and ports of one test's own, with an npm that does what the test says.</summary>
internal sealed class Sandbox : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("atomic-sandbox-").FullName;

    /// <summary>Options under which everything happens in here, with the programs of the machine behind those of the sandbox.</summary>
    public AzuriteOptions Options(string? searchPath = null, string? cache = null) => new()
    {
        DataFolder = PathOf("data"),
        CacheFolder = cache ?? PathOf("cache"),
        BlobPort = HostProcess.FreePort(),
        QueuePort = HostProcess.FreePort(),
        TablePort = HostProcess.FreePort(),
        SearchPath = searchPath ?? PathOf("bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
    };

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>An npm that notes each run, does <paramref name="script"/>, and installs <paramref name="azurite"/> as Azurite.</summary>
    public void PutNpm(string azurite, string script = "")
    {
        var body =
            $$"""
            const fs = require('node:fs');
            fs.appendFileSync({{Quoted(PathOf("runs"))}}, 'run\n');
            {{script}}
            const target = process.argv[process.argv.indexOf('--prefix') + 1] + '/node_modules/azurite/dist/src';
            fs.mkdirSync(target, { recursive: true });
            fs.writeFileSync(target + '/azurite.js', {{Quoted(azurite)}});
            """;
        var bin = Directory.CreateDirectory(PathOf("bin")).FullName;
        if (OperatingSystem.IsWindows())
        {
            File.WriteAllText(Path.Combine(bin, "npm.js"), body);
            File.WriteAllText(Path.Combine(bin, "npm.cmd"), "@node \"%~dp0npm.js\" %*");
            return;
        }

        File.WriteAllText(Path.Combine(bin, "npm"), $"#!/usr/bin/env node\n{body}");
        File.SetUnixFileMode(Path.Combine(bin, "npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public int NpmRuns() => File.Exists(PathOf("runs")) ? File.ReadAllLines(PathOf("runs")).Length : 0;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
