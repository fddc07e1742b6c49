using System.Diagnostics;
using Atomic.EventSourcing;
using Atomic.Functions.Costs;
using Atomic.Functions.Operations;
using Atomic.Messaging;

namespace Atomic.Functions.Participants;

/// <summary>
/// What a service can do as a participant: its commands by name, each with its handler. Every coupling comes through here: by an
/// activity, by a message or by a fact.
/// </summary>
public sealed class Participant
{
    private readonly IReadOnlyList<Command> _all;
    private readonly Lazy<Dictionary<string, Command>> _commands;
    private readonly CommandHandler _handler;
    private Func<ParticipantCall, Func<Invocation, Task<Answer>>, Task<Answer>> _around = (call, carryOut) => carryOut(call.Invocation);

    private Participant(string context, CommandHandler handler, IReadOnlyList<Command> commands)
    {
        (Context, _handler, _all) = (context, handler, commands);
        // Once a command is asked for: until then one participant is made of another, by a command more.
        _commands = new(() => _all.ToDictionary(command => command.Type.Name));
    }

    public string Context { get; }

    public IReadOnlyCollection<string> Commands => _commands.Value.Keys;

    public static Participant Of(string context, CommandHandler handler) => new(context, handler, []);

    /// <summary>A command on one stream.</summary>
    /// <param name="stream">The stream's id.</param>
    /// <param name="creates">The stream most likely does not exist.</param>
    public Participant Does<TCommand, TState>(
        Func<TCommand, string> stream, Func<TState, TCommand, IReadOnlyList<IEvent>> decide, bool creates = false)
        where TCommand : notnull where TState : IAggregate<TState> => On<TCommand>((command, invocation, cancellation) =>
            _handler.DoAsync<TState>(stream(command), invocation, state => decide(state, command), creates, cancellation), stream);

    /// <summary>A compensating command on one stream.</summary>
    public Participant Undoes<TCommand, TState>(Func<TCommand, string> stream, Func<TState, TCommand, IReadOnlyList<IEvent>> compensate)
        where TCommand : notnull where TState : IAggregate<TState> => On<TCommand>((command, invocation, cancellation) =>
            _handler.UndoAsync<TState>(stream(command), invocation, state => compensate(state, command), cancellation), stream);

    /// <summary>A command with a handler of its own: one that reaches several streams.</summary>
    /// <param name="stream">Where its record is, by its data; null when that cannot be told.</param>
    public Participant On<TCommand>(
        Func<TCommand, Invocation, CancellationToken, Task<Answer>> handle, Func<TCommand, string>? stream = null) where TCommand : notnull => new(
        Context, _handler,
        [.. _all, new Command(
            typeof(TCommand), (command, invocation, cancellation) => handle((TCommand)command, invocation, cancellation),
            stream is null ? null : command => stream((TCommand)command))])
        { _around = _around };

    /// <summary>The same participant, all of whose commands go through <paramref name="around"/>: it carries one out, or does not.</summary>
    public Participant Through(Func<ParticipantCall, Func<Invocation, Task<Answer>>, Task<Answer>> around) => new(Context, _handler, _all)
    {
        _around = (call, carryOut) => around(call, passed => _around(call with { Invocation = passed }, carryOut)),
    };

    /// <summary>The type of a command's data.</summary>
    public Type TypeOf(string command) => _commands.Value[command].Type;

    /// <summary>Whether the data of a command tell where its record is: then it can be made sure that data from outside are for the same.</summary>
    public bool TellsStreamOf(string command) => _commands.Value[command].Stream is not null;

    /// <summary>Where the command's record is.</summary>
    public string? StreamOf(object command) => _commands.Value[command.GetType().Name].Stream?.Invoke(command);

    /// <exception cref="MalformedMessageException">There is no such command, or the data do not fit it.</exception>
    public Task<Answer> HandleAsync(CommandMessage message, CancellationToken cancellation) =>
        HandleAsync(message, message.Invocation, cancellation);

    /// <exception cref="MalformedMessageException">There is no such command, or the data do not fit it.</exception>
    public Task<Answer> HandleAsync(CommandMessage message, Invocation invocation, CancellationToken cancellation)
    {
        if (message.Name is null || !_commands.Value.TryGetValue(message.Name, out var command))
            throw new MalformedMessageException(message.Id, $"{Context} has no command '{message.Name}'");
        return HandleAsync(message.Name, message.Read(command.Type), invocation, cancellation);
    }

    /// <summary>The answer; one that tells that trying again is of no use is an answer too.</summary>
    public async Task<Answer> HandleAsync(string name, object command, Invocation invocation, CancellationToken cancellation)
    {
        var context = invocation.Context;
        using var span = Traces.Start($"{Context} {name}", ActivityKind.Consumer, context.TraceParent, context.CorrelationId);
        using var meter = Meter.Begin();
        var outcome = "unknown";
        try
        {
            var traced = invocation with { Context = context with { TraceParent = span?.Id ?? context.TraceParent } };
            var answer = await NonRetryableException.AsAnswerAsync(() => _around(
                new ParticipantCall(Context, name, command, traced), passed => _commands.Value[name].Handle(command, passed, cancellation)));
            outcome = answer.IsFatal ? outcome : answer.Accepted ? "accepted" : "refused";
            var used = meter.Used;
            return answer with { Requests = used.Requests, Sent = used.Sent, Delivered = used.Delivered };
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
        finally
        {
            span?.SetTag("atomic.outcome", outcome);
            Measures.Carried(Context, name, outcome, meter.Used.Requests);
        }
    }

    private sealed record Command(Type Type, Func<object, Invocation, CancellationToken, Task<Answer>> Handle, Func<object, string>? Stream);
}

/// <summary>A command as it has reached its participant.</summary>
public sealed record ParticipantCall(string Context, string Name, object Command, Invocation Invocation);

/// <summary>Every participant that a step can name.</summary>
public sealed class ParticipantDirectory(IEnumerable<Participant> participants)
{
    private readonly Dictionary<string, Participant> _participants = participants.ToDictionary(participant => participant.Context);

    public IReadOnlyCollection<string> Contexts => _participants.Keys;

    public Participant this[string context] => _participants[context];

    public Participant? Find(string context) => _participants.GetValueOrDefault(context);
}
