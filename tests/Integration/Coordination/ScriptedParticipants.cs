using System.Collections.Concurrent;
using Atomic.EventSourcing;
using Atomic.Functions.Participants;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Integration.Coordination;

/// <summary>
/// Participants with a script of what comes before a command is carried out, by its record's key and its name. What only asks about the
/// record passes.
/// </summary>
internal sealed class ScriptedParticipants
{
    private readonly ConcurrentDictionary<(string Key, string Command), Func<Func<Task<Answer>>, Task<Answer>>> _script = new();
    private readonly ConcurrentBag<Hold> _holds = [];

    public void AddTo(IServiceCollection services) => services.AddSingleton(provider =>
        new ParticipantDirectory(provider.GetServices<Participant>().Select(one => one.Through(CarryOutAsync))));

    /// <summary>The command hangs until it is let go, and then goes on to the barrier.</summary>
    public Hold Hold(string key, string command)
    {
        var hold = new Hold();
        _script[(key, command)] = hold.PassAsync;
        _holds.Add(hold);
        return hold;
    }

    /// <summary>Lets go what a test that failed has left held.</summary>
    public void LetAll()
    {
        foreach (var hold in _holds) hold.LetAll();
    }

    /// <summary>The command fails, and another try is of no use.</summary>
    /// <returns>How often it has failed.</returns>
    public Func<int> IsOfNoUse(string key, string command)
    {
        var failed = 0;
        _script[(key, command)] = _ =>
        {
            Interlocked.Increment(ref failed);
            throw new NonRetryableException("There is no such thing, and never will be.");
        };
        return () => Volatile.Read(ref failed);
    }

    private Task<Answer> CarryOutAsync(ParticipantCall call, Func<Invocation, Task<Answer>> carryOut) =>
        call.Invocation.Mode == Mode.Perform && _script.TryGetValue((call.Invocation.CommandId, call.Name), out var around)
            ? around(() => carryOut(call.Invocation))
            : carryOut(call.Invocation);
}
