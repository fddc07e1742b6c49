using System.Text.Json;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.LocalHost.Runtime.Timers;

/// <summary>When each monitored timer last ran, one small file each.</summary>
internal sealed class TimerRecords(string folder)
{
    public ScheduleStatus? Find(string function)
    {
        var file = FileOf(function);
        return File.Exists(file) ? JsonSerializer.Deserialize<ScheduleStatus>(File.ReadAllText(file)) : null;
    }

    /// <summary>Written beside its place and moved there, so that a kill leaves the old record or the new one.</summary>
    public void Write(string function, ScheduleStatus status)
    {
        Directory.CreateDirectory(folder);
        var unfinished = FileOf(function) + ".new";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(status));
        File.Move(unfinished, FileOf(function), overwrite: true);
    }

    private string FileOf(string function) => Path.Combine(folder, $"{function}.json");
}
