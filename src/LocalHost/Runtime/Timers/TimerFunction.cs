using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.LocalHost.Runtime.Timers;

/// <summary>A function that runs by the clock.</summary>
/// <param name="UseMonitor">Whether its runs are recorded, so that one that was missed while the host was down is made up for.</param>
public sealed record TimerFunction(Function Function, Schedule Schedule, bool RunOnStartup, bool UseMonitor)
{
    internal static TimerFunction? Read(FunctionMethod method, TimerTriggerAttribute trigger, AppSettings settings, ICollection<string> problems)
    {
        var before = problems.Count;
        var text = settings.Resolve(trigger.Schedule, $"The schedule of function {method.Name}", problems);
        var schedule = Schedule.Parse(text);
        if (schedule is null && problems.Count == before)
            problems.Add($"Function {method.Name}: the schedule '{text}' is neither an NCRONTAB expression of five or six fields nor a time span.");
        var bindings = ParameterBindings.Of(
            method,
            parameter => parameter == method.TriggerParameter && parameter.ParameterType == typeof(TimerInfo) ? invocation => invocation.Trigger : null,
            problems);
        return problems.Count > before ? null : new TimerFunction(new Function(method, bindings), schedule!, trigger.RunOnStartup, trigger.UseMonitor);
    }
}
