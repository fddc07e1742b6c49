using Atomic.LocalHost.CommandLine;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.CommandLine;

public sealed class Resetting_the_data : IDisposable
{
    private const int NoProcess = int.MaxValue;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("reset-");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Waits_for_the_Azurite_of_a_killed_host_whose_logs_are_in_what_it_removes()
    {
        using var data = DataFolder.Open(_folder.FullName);
        Directory.CreateDirectory(data.Azurite);
        // The keeper that runs is this process; the host that started it does not run.
        var log = Path.Combine(data.Azurite, $"azurite-{NoProcess}-{Environment.ProcessId}.log");
        await File.WriteAllTextAsync(log, "");

        var resetting = data.ResetAsync(_ => { }, _time, default);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(resetting.IsCompleted);
        Assert.True(Directory.Exists(data.Azurite));

        File.Move(log, Path.Combine(data.Azurite, $"azurite-{NoProcess}-{NoProcess}.log"));
        await Testing.Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return resetting.IsCompleted;
            },
            "The data are removed");
        await resetting;
        Assert.False(Directory.Exists(data.Azurite));
    }

    [Fact]
    public async Task Removes_the_engines_of_all_task_hubs_and_the_bus_and_nothing_else()
    {
        using var data = DataFolder.Open(_folder.FullName);
        string[] removed = ["durable-task-Atomic.db", "durable-task-Atomic.db-wal", "durable-task-Other.db", "service-bus.db"];
        foreach (var file in removed.Append("notes.txt")) await File.WriteAllTextAsync(Path.Combine(_folder.FullName, file), "");

        await data.ResetAsync(_ => { }, _time, default);

        Assert.Equal(["host.lock", "notes.txt"], _folder.EnumerateFiles().Select(file => file.Name).Order());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
