using Atomic.LocalHost.DurableTask.Storage;

namespace Atomic.LocalHost.DurableTask.Running;

/// <summary>Puts what the last process left unfinished back into memory. Everything goes on at once; nothing has to time out first.</summary>
internal sealed class Recovery(TaskHub hub, TimerQueue timers, ActivityRunner activities, InstanceStarter starter)
{
    /// <returns>How many instances go on.</returns>
    public int Run(Unfinished left)
    {
        lock (hub.Gate)
        {
            var instances = left.Instances.ToDictionary(
                stored => stored.Row.Key,
                stored => new Instance(stored.Row, stored.State) { Position = left.Positions.GetValueOrDefault(stored.Row.Key) });
            foreach (var instance in instances.Values) hub.Add(instance);
            foreach (var message in left.Messages)
            {
                if (!instances.TryGetValue(message.Key, out var target)) continue;
                var kept = new Message(message.Event, Write.DropMessage(message.Number));
                (message.Event.IsOrder ? target.Orders : target.Inbox).Add(kept);
            }

            Resume(left, instances);
            foreach (var instance in instances.Values) starter.Begin(instance);
            return instances.Count;
        }
    }

    private void Resume(Unfinished left, Dictionary<long, Instance> instances)
    {
        foreach (var timer in left.Timers)
        {
            if (!instances.TryGetValue(timer.Key, out var instance)) continue;
            var pending = new PendingTimer(instance, timer.Task, timer.Due);
            instance.Timers.Add(timer.Task, pending);
            timers.Add(pending);
        }

        foreach (var activity in left.Activities)
        {
            if (!instances.TryGetValue(activity.Key, out var instance)) continue;
            var pending = new PendingActivity(instance, activity.Task, activity.Name, activity.Input);
            instance.Activities.Add(activity.Task, pending);
            activities.Enqueue(pending);
        }
    }
}
