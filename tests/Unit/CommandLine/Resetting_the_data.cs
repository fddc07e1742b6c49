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

    public void Dispose() => _folder.Delete(recursive: true);
}
