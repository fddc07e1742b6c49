using Atomic.EventSourcing;
using Atomic.Transactions;

namespace Atomic.Functions.Choreography;

/// <summary>
/// Steps whose input a person has corrected. Each input is a command of its own at the barrier, and the next one is tried only once what was
/// tried with the one before is settled; facts and reminders, which know of no correction, come to the newest through the notes.
/// </summary>
public sealed partial class Choreographer
{
    private const string Corrected = "Its input was corrected.";

    /// <summary>Goes on with the newest input, once it is certain that none before it has an effect.</summary>
    private async Task CorrectAsync(Scene scene, StepNotes notes, CancellationToken cancellation)
    {
        while (notes.Corrected(scene.Order) is { } next)
        {
            var settled = await AskAsync(scene, Act.Refuse, cancellation, Corrected);
            // It is done with this one, or nobody knows; or it was the transaction that was reverted, and no other input must be tried.
            if (settled.Accepted || settled.IsFatal || (scene.Step.IsHeld && settled.Reason != Corrected))
            {
                await AnsweredAsync(scene, Act.Do, settled, cancellation);
                return;
            }

            scene = Next(scene, next);
        }

        await RespondAsync(scene, cancellation);
    }

    /// <summary>Asks the same of a step with each of its inputs. A correction that comes meanwhile is noted before it can have an effect.</summary>
    private async Task<Answer> AskOfEachAsync(Scene scene, Act act, CancellationToken cancellation)
    {
        var answers = new List<Answer>();
        while (true)
        {
            var answer = await AskAsync(scene, act, cancellation);
            if (answer.IsFatal || (act == Act.Refuse && answer.Accepted)) return answer;
            answers.Add(answer);
            var notes = await memory.FindAsync(scene.Order.Transaction.Id, scene.Step.Name, cancellation);
            if (notes?.Corrected(scene.Order) is not { } next) return Answer.Of(answers);
            scene = Next(scene, next);
        }
    }

    private Scene Next(Scene scene, StepOrder order) => SceneOf(order, scene.Again)! with { Meter = scene.Meter, Before = scene.Before };
}
