using Atomic.EventSourcing;

namespace Atomic.Services.Inventory;

/// <summary>The commands of Inventory, each on its aggregates.</summary>
public sealed class InventoryHandlers(CommandHandler commands)
{
    public Task<Answer> HandleAsync(AddStock command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<StockItem>(command.Sku.Value, invocation, _ => StockItem.Decide(command), creates: false, cancellation);

    /// <summary>
    /// Reserves every line or none. Each product is a stream of its own with its own barrier record, so a crash between two of them is
    /// made good by the repetition: what was reserved answers again, and when one refuses all are released before the answer.
    /// </summary>
    public async Task<Answer> HandleAsync(ReserveStock command, Invocation invocation, CancellationToken cancellation)
    {
        var answers = new List<Answer>();
        foreach (var line in ByProduct(command.Lines))
        {
            var part = await commands.DoAsync<StockItem>(
                line.Sku.Value, invocation, stock => stock.Reserve(command.OrderId, line), creates: false, cancellation);
            answers.Add(part);
            // A line that came too late was released by an earlier try of this very command: what made it do so is further on.
            if (!part.Accepted && !part.TooLate) break;
        }

        var answer = Answer.Of(answers);
        if (invocation.Reverts(answer))
            await HandleAsync(new ReleaseStock(command.OrderId, command.Lines), invocation with { Mode = Mode.Perform }, cancellation);
        return answer;
    }

    public async Task<Answer> HandleAsync(ReleaseStock command, Invocation invocation, CancellationToken cancellation)
    {
        var answers = new List<Answer>();
        foreach (var line in ByProduct(command.Lines))
        {
            answers.Add(await commands.UndoAsync<StockItem>(
                line.Sku.Value, invocation, _ => StockItem.Release(command.OrderId, line), cancellation));
        }

        return Answer.Of(answers);
    }

    /// <summary>What was reserved for an order is free again. Nothing can refuse it, so each product is simply made good by repetition.</summary>
    public async Task<Answer> HandleAsync(Restock command, Invocation invocation, CancellationToken cancellation)
    {
        var answers = new List<Answer>();
        foreach (var line in ByProduct(command.Lines))
        {
            answers.Add(await commands.DoAsync<StockItem>(
                line.Sku.Value, invocation, _ => StockItem.TakeBack(command.OrderId, line), creates: false, cancellation));
        }

        return Answer.Of(answers);
    }

    private static IEnumerable<StockLine> ByProduct(IEnumerable<StockLine> lines) =>
        lines.GroupBy(line => line.Sku).Select(lines => new StockLine(lines.Key, lines.Sum(line => line.Quantity)));
}
