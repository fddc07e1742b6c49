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
            var answer = await commands.DoAsync<StockItem>(
                line.Sku.Value, invocation, stock => stock.Reserve(command.OrderId, line), creates: false, cancellation);
            answers.Add(answer);
            // A line that came too late was released by an earlier try of this very command: what made it do so is further on.
            if (!answer.Accepted && !answer.TooLate) break;
        }

        var tokens = answers.SelectMany(answer => answer.Tokens).ToList();
        var refusal = answers.Find(answer => !answer.Accepted && !answer.TooLate) ?? answers.Find(answer => !answer.Accepted);
        if (refusal is null) return new Answer(true, null, false, tokens);

        await HandleAsync(new ReleaseStock(command.OrderId, command.Lines), invocation, cancellation);
        return refusal with { Tokens = tokens };
    }

    public async Task<Answer> HandleAsync(ReleaseStock command, Invocation invocation, CancellationToken cancellation)
    {
        var tokens = new List<string>();
        foreach (var line in ByProduct(command.Lines))
        {
            var answer = await commands.UndoAsync<StockItem>(
                line.Sku.Value, invocation, _ => StockItem.Release(command.OrderId, line), cancellation);
            tokens.AddRange(answer.Tokens);
        }

        return new Answer(true, null, false, tokens);
    }

    private static IEnumerable<StockLine> ByProduct(IEnumerable<StockLine> lines) =>
        lines.GroupBy(line => line.Sku).Select(lines => new StockLine(lines.Key, lines.Sum(line => line.Quantity)));
}
