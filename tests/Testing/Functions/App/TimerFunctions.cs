using Microsoft.Azure.Functions.Worker;

namespace Atomic.Testing.Functions.App;

/// <summary>Functions that run by the clock.</summary>
public sealed class TimerFunctions(Journal journal)
{
    [Function(nameof(EverySecond))]
    public void EverySecond([TimerTrigger("* * * * * *")] TimerInfo timer) => journal.Add(nameof(EverySecond), timer.IsPastDue ? "late" : "in time");

    [Function(nameof(AtTheStart))]
    public Task AtTheStart([TimerTrigger("%Yearly%", RunOnStartup = true)] TimerInfo timer, FunctionContext context)
    {
        journal.Add(nameof(AtTheStart), $"{context.FunctionDefinition.Name}, next {timer.ScheduleStatus?.Next:MM-dd}");
        return Task.CompletedTask;
    }
}
