using Atomic.EventSourcing;
using Atomic.Functions.Control;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Verification;
using Atomic.Verification.Faults;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Unit.Verification;

/// <summary>Participants, and what brings them their work, that are not quite right.</summary>
internal static class WrongParticipants
{
    private static readonly Answer Accepted = new(true, null, false, []);
    private static readonly Answer TooLate = new(false, "It is taken to be undone.", true, []);

    /// <summary>Nobody knows whether it happened, and the business is said to have refused it.</summary>
    public static readonly Around TakeUnknownForRefused = async (moment, carryOut) =>
    {
        try
        {
            return await carryOut(moment.Invocation);
        }
        catch (Exception e) when (moment.Act == Act.Do)
        {
            return new Answer(false, e.Message, false, []);
        }
    };

    /// <summary>An undo that does not work is forgotten.</summary>
    public static readonly Around DropFailedUndos = async (moment, carryOut) =>
    {
        try
        {
            return await carryOut(moment.Invocation);
        }
        catch (Exception) when (moment.Act == Act.Undo)
        {
            return Accepted;
        }
    };

    /// <summary>A cancel does not ask whether the pivot is done.</summary>
    public static readonly Around CancelWithoutAsking = (moment, carryOut) =>
        moment is { Act: Act.Refuse, Step.CanBeRefused: true, Step.Compensation: null } ? Task.FromResult(TooLate) : carryOut(moment.Invocation);

    /// <summary>A step whose outcome is unknown is taken to be undone, and nothing is done about it.</summary>
    public static readonly Around NeverUndoTimedOut = (moment, carryOut) =>
        moment is { Act: Act.Refuse, Step.Compensation: not null } ? Task.FromResult(TooLate) : carryOut(moment.Invocation);

    /// <summary>What is asked is answered first and done afterwards.</summary>
    public static readonly Around AnswerFirst = (moment, carryOut) =>
    {
        _ = carryOut(moment.Invocation);
        return Task.FromResult(Accepted);
    };

    /// <summary>What writes to several streams is answered once it has written to the first, and goes on by itself.</summary>
    public static Variant AnswerAfterTheFirstWrite()
    {
        // Each run has a thread to itself.
        var waiting = new ThreadLocal<Dictionary<string, TaskCompletionSource<Answer>>>(() => []);
        return new Variant { Storage = store => new StoreThatTells(store, Wrote), Participants = AnswerAsync };

        async Task<Answer> AnswerAsync(StepMoment moment, Func<Invocation, Task<Answer>> carryOut)
        {
            var answer = waiting.Value![moment.Invocation.CommandId] = new TaskCompletionSource<Answer>();
            _ = EndAsync();
            return await answer.Task;

            async Task EndAsync() => answer.TrySetResult(await carryOut(moment.Invocation));
        }

        void Wrote(string command)
        {
            if (waiting.Value!.Remove(command, out var answer)) answer.TrySetResult(Accepted);
        }
    }

    /// <summary>Each delivery counts as a command of its own.</summary>
    public static Around NewIdEachTime()
    {
        var calls = 0;
        return (moment, carryOut) => carryOut(moment.Invocation with { CommandId = $"{moment.Invocation.CommandId}:{Interlocked.Increment(ref calls)}" });
    }

    /// <summary>What a person wants of a transaction is taken, and nothing comes of it.</summary>
    public static void IgnoreCancels(IServiceCollection services)
    {
        var real = services.Last(service => service.ServiceType == typeof(ICommandBus)).ImplementationType!;
        services.AddSingleton<ICommandBus>(provider => new BusWithoutCancels((ICommandBus)ActivatorUtilities.CreateInstance(provider, real)));
    }

    /// <summary>A reply goes to whichever command was sent last.</summary>
    public static void MismatchReplies(IServiceCollection services)
    {
        var real = services.Last(service => service.ServiceType == typeof(ICommandBus)).ImplementationType!;
        services.AddSingleton<ICommandBus>(provider => new MismatchingBus((ICommandBus)ActivatorUtilities.CreateInstance(provider, real)));
    }

    private sealed class BusWithoutCancels(ICommandBus inner) : ICommandBus
    {
        public Task SendAsync(string context, CommandMessage command, CancellationToken cancellation) =>
            command.Name == nameof(CancelTransaction) ? Task.CompletedTask : inner.SendAsync(context, command, cancellation);

        public Task ScheduleAsync(string context, CommandMessage command, DateTimeOffset at, CancellationToken cancellation) =>
            inner.ScheduleAsync(context, command, at, cancellation);

        public Task ReplyAsync(CommandReply reply, CancellationToken cancellation) => inner.ReplyAsync(reply, cancellation);
    }

    private sealed class MismatchingBus(ICommandBus inner) : ICommandBus
    {
        private string? _last;

        public Task SendAsync(string context, CommandMessage command, CancellationToken cancellation)
        {
            if (command.WantsReply) _last = command.Id;
            return inner.SendAsync(context, command, cancellation);
        }

        public Task ScheduleAsync(string context, CommandMessage command, DateTimeOffset at, CancellationToken cancellation) =>
            inner.ScheduleAsync(context, command, at, cancellation);

        public Task ReplyAsync(CommandReply reply, CancellationToken cancellation) =>
            inner.ReplyAsync(_last is null ? reply : reply with { Id = _last }, cancellation);
    }
}
