using System.Diagnostics;
using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Http;
using Atomic.Functions.Participants;
using Atomic.Functions.Personal;
using Atomic.Messaging;
using Atomic.Transactions;

namespace Atomic.Functions.Control;

/// <summary>
/// What steps are told that wait for a person, or for an event from outside. The first answer counts: it is on record before it is sent, so
/// that whoever comes second learns of it, and it can be sent again to who has not heard it. The step's own record makes that harmless.
/// </summary>
public sealed class AwaitedAnswers(CommandHandler commands, IEventStore events, PersonalData personal, ICommandBus bus, Func<Guid> newId)
{
    /// <summary>The answers that have been given, by step.</summary>
    public async Task<IReadOnlyDictionary<string, AnswerGiven>> GivenAsync(string transaction, CancellationToken cancellation) =>
        (await events.LoadAsync<TransactionLog>(transaction, likelyNew: false, cancellation)).State.Given;

    /// <summary>Gives an answer.</summary>
    /// <returns>The one that counts.</returns>
    public async Task<AnswerGiven> GiveAsync(string transaction, string step, object command, string by, CancellationToken cancellation)
    {
        // It may travel beside the input, as a corrected one does.
        var data = InputSize.Checked(await personal.SealAsync(command, cancellation));
        var (id, answer) = (newId().ToString("N"), new AnswerGiven(step, by, data));
        var context = new EventContext(transaction, id, Activity.Current?.Id);
        await commands.DoAsync<TransactionLog>(transaction, new Invocation(id, context), log => log.Decide(answer), creates: false, cancellation);
        return (await GivenAsync(transaction, cancellation))[step];
    }

    /// <summary>Whether it says the same as <paramref name="command"/>.</summary>
    public async Task<bool> SaysAsync(AnswerGiven given, object command, CancellationToken cancellation)
    {
        var said = given.Data.Deserialize(command.GetType(), StorageJson.Options)!;
        return JsonElement.DeepEquals(
            await personal.OpenAsync(said, cancellation), JsonSerializer.SerializeToElement(command, command.GetType(), StorageJson.Options));
    }

    /// <summary>Takes the answer to the step's participant, whether it was taken there before or not.</summary>
    /// <param name="header">Of a transaction that nobody coordinates; else null.</param>
    public Task SendAsync(
        string transaction, Definition definition, StepDefinition step, TransactionHeader? header, AnswerGiven given, CancellationToken cancellation)
    {
        var id = newId().ToString("N");
        var made = StepTry.Of(definition, step, transaction, Act.Do, attempt: 1) with { TraceParent = Activity.Current?.Id };
        // Each message has an id of its own: the broker would take a second one for a copy of the first.
        var message = header is not null
            ? new StepOrder(header, step.Name, StepOrderKind.Decide, Data: given.Data).ToMessage(id)
            : made.ToMessage(step.Command, given.Data) with { Id = $"{StepTry.AnswerOf(transaction, step.Name)}:{id}", Tries = step.Retry.Attempts };
        return bus.SendAsync(step.Participant, message, cancellation);
    }
}
