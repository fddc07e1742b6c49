using Atomic.EventSourcing;
using Atomic.Messaging;
using Atomic.Transactions;
using Atomic.Transactions.Costs;

namespace Atomic.Functions.Choreography;

/// <summary>What becomes of an act that did not work: tried again under the step's policy, then settled by the record, else parked.</summary>
public sealed partial class Choreographer
{
    private async Task FailedAsync(Scene scene, Act? act, string reason, bool isFinal, CancellationToken cancellation)
    {
        var (order, step) = (scene.Order, scene.Step);
        if (!isFinal && order.Attempt < step.Retry.Attempts)
        {
            var next = order with { Attempt = order.Attempt + 1, Used = scene.Used + Usage.Message() };
            var at = time.GetUtcNow() + step.Retry.After(order.Attempt, order.Transaction.Id, step.Name);
            await bus.ScheduleAsync(step.Participant, next.ToMessage(), at, cancellation);
            return;
        }

        // Forward, a step before or at the pivot can be settled: done, or failed for good. Nothing else may be given up.
        var settles = order.Kind is StepOrderKind.Hear or StepOrderKind.Decide && act == Act.Do && !scene.Definition.MustSucceed(step);
        if (settles) await SettleAsync(scene, reason, cancellation);
        else await ParkAsync(scene, act, reason, cancellation);
    }

    private async Task SettleAsync(Scene scene, string why, CancellationToken cancellation)
    {
        if (!await TrySettleAsync(scene, why, cancellation)) await ParkAsync(scene, Act.Refuse, why, cancellation);
    }

    private async Task<bool> TrySettleAsync(Scene scene, string why, CancellationToken cancellation)
    {
        Answer answer;
        try
        {
            answer = await AskAsync(scene, Act.Refuse, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Logs.StepNotSettled(logger, scene.Order.Transaction.Id, scene.Step.Name, e);
            return false;
        }

        if (answer.IsFatal) return false;
        var fact = Participation.FactOfSettling(scene.Step.Name, answer.Accepted, answer.TooLate, answer.Reason, why);
        await StateAsync(scene, fact, answer, scene.Order.Tries + 1, cancellation);
        return true;
    }

    /// <summary>A cancel, a deadline or a limit: one question to the record. Whoever wrote it states the fact, unless this did.</summary>
    private async Task RefuseAsync(Scene scene, CancellationToken cancellation)
    {
        try
        {
            if (await IsStaleAsync(scene, cancellation)) return;
            var answer = await AskAsync(scene, Act.Refuse, cancellation);
            if (answer.IsFatal)
                await FailedAsync(scene, Act.Refuse, answer.Reason!, isFinal: true, cancellation);
            else if (answer.TooLate && (!answer.Repeated || answer.Reason == scene.Order.Reason))
                await StateAsync(scene, new Fact(FactKind.Failed, scene.Step.Name, scene.Order.Reason, Act.Refuse), answer, attempts: 0, cancellation);
            else if (scene.IsParked)
                await ResumeAsync(scene, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Logs.StepNotCarriedOut(logger, scene.Order.Transaction.Id, scene.Step.Name, scene.Order.Attempt, e);
            await FailedAsync(scene, Act.Refuse, e.Message, isFinal: false, cancellation);
        }
    }

    private async Task DecideAsync(Scene scene, CancellationToken cancellation)
    {
        try
        {
            if (await IsStaleAsync(scene, cancellation)) return;
            if (scene.Unsettled is { } why)
            {
                await SettleAsync(scene, why, cancellation);
                return;
            }

            var made = scene.Try(Act.Do);
            var answer = await participants[scene.Step.Participant].HandleAsync(made.ToMessage(scene.Step.Command, scene.Order.Data!.Value), cancellation);
            if (Participation.FactOf(Act.Do, scene.Step.Name, answer.Accepted, answer.TooLate, answer.Reason) is { } fact)
                await StateAsync(scene, fact, answer, scene.Order.Tries, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException and not MalformedMessageException)
        {
            Logs.StepNotCarriedOut(logger, scene.Order.Transaction.Id, scene.Step.Name, scene.Order.Attempt, e);
            await FailedAsync(scene, Act.Do, e.Message, isFinal: false, cancellation);
        }
    }

    private async Task ParkAsync(Scene scene, Act? act, string reason, CancellationToken cancellation)
    {
        // The attempt numbers what is parked: an order that was scheduled for an earlier one finds that it is stale.
        var attempt = Math.Max(scene.Order.Attempt, scene.Step.Retry.Attempts);
        var spared = scene.Order.Spared + attempt - scene.Order.Attempt;
        var (order, now) = (scene.Order with { Attempt = attempt, Spared = spared, Used = Usage.Message() }, time.GetUtcNow());
        var parked = new ParkedStep(act, reason, now, order);
        await memory.ChangeAsync(scene.Order.Transaction, scene.Step.Name, notes => notes with { Parked = parked }, cancellation);
        var fact = new Fact(FactKind.Parked, scene.Step.Name, reason, act ?? Act.Do);
        var effort = new Effort(scene.Used, scene.Order.Tries);
        await facts.PublishAsync(scene.Order.Transaction, scene.Definition, fact, [], effort, cancellation);
        Logs.StepParked(logger, order.Transaction.Id, scene.Step.Name, reason);
        var next = order with { Attempt = attempt + 1 };
        await bus.ScheduleAsync(scene.Step.Participant, next.ToMessage(), now + Retry.WhileParked(next.Attempt - Math.Max(order.CountsFrom, scene.Step.Retry.Attempts)), cancellation);
    }

    /// <summary>An order that tries again what is no longer parked, or was tried again since.</summary>
    private async Task<bool> IsStaleAsync(Scene scene, CancellationToken cancellation)
    {
        if (!scene.IsParked) return false;
        scene.Notes = await memory.FindAsync(scene.Order.Transaction.Id, scene.Step.Name, cancellation);
        return scene.Notes?.Parked is not { } parked || parked.Order.Attempt != scene.Order.Attempt - 1;
    }

    private async Task UnparkAsync(Scene scene, CancellationToken cancellation)
    {
        var notes = await memory.FindAsync(scene.Order.Transaction.Id, scene.Step.Name, cancellation);
        if (notes?.Parked is not { } parked) return;
        if (scene.Order.Kind == StepOrderKind.Resolve)
        {
            await DeclareAsync(scene, notes, parked, cancellation);
            return;
        }

        var attempt = parked.Order.Attempt + 1;
        if (scene.Order.Data is { } corrected && parked.Act == Act.Do)
            await memory.ChangeAsync(scene.Order.Transaction, scene.Step.Name, known => known.With(parked.Order, corrected, scene.Order.Edition), cancellation);
        await CarryOutAsync(parked.Order with { Attempt = attempt, CountsFrom = attempt }, again: true, cancellation);
    }

    private async Task DeclareAsync(Scene scene, StepNotes notes, ParkedStep parked, CancellationToken cancellation)
    {
        var (step, done) = (scene.Step.Name, scene.Order.Done);
        // What was parked when the person looked may be another act by now; that one stays parked.
        if (parked.Act is not { } act || Participation.Declared(scene.Definition, step, act, done) is not { } declared) return;
        var about = SceneOf(parked.Order with { Attempt = parked.Order.Attempt + 1 }, again: true)!;
        var isOfEach = declared != Act.DeclareDone && about.Step.IsHeld;
        var answer = isOfEach ? await AskOfEachAsync(about, declared, cancellation) : await AskAsync(about, declared, cancellation);
        while (declared == Act.DeclareDone && answer.TooLate && notes.Corrected(about.Order) is { } next)
        {
            about = Next(about, next);
            answer = await AskAsync(about, declared, cancellation);
        }

        var settles = act == Act.Refuse || declared == Act.Undo;
        var fact = settles
            ? Participation.FactOfSettling(step, answer.Accepted && done, !done, answer.Reason, parked.Reason)
            : Participation.FactOf(declared, step, answer.Accepted, answer.TooLate, answer.Reason);
        if (fact is not null) await StateAsync(about, fact, answer, about.Order.Tries, cancellation);
    }
}
