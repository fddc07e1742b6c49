using Atomic.EventSourcing;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>The token of a command that was accepted and may not have been carried out yet: <c>inventoryStockItem:sku-1!{command}</c>.</summary>
public sealed record CommandToken(StreamId Stream, string CommandId)
{
    public override string ToString() => $"{Stream}!{CommandId}";
}

/// <summary>Reads the header <c>Consistency-Token</c>: a place in a stream, or a command whose place is looked up.</summary>
public sealed class ConsistencyTokens(IEventStore events, TimeProvider time)
{
    public const string Header = "Consistency-Token";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The position that the answer must show at least; null when the request names none.</summary>
    /// <exception cref="ProblemException">400 for a malformed token; 503 when its command has not been carried out in time.</exception>
    public async Task<StreamPosition?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var text = request.Headers[Header].ToString();
        if (text.Length == 0) return null;
        if (StreamPosition.TryParse(text, out var position)) return position;

        var bang = text.LastIndexOf('!');
        if (bang < 0 || !StreamPosition.TryParse($"{text[..bang]}@0", out var stream))
            throw ProblemException.Invalid(Header, $"'{text}' is not a token that this service has given.");
        return await WaitForAsync(stream.Stream, text[(bang + 1)..], cancellation);
    }

    private async Task<StreamPosition> WaitForAsync(StreamId stream, string command, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Patience)
        {
            if (await events.FindRecordAsync(stream, command, cancellation) is { } record) return new StreamPosition(stream, record.DoVersion);
            await Task.Delay(Pause, time, cancellation);
        }

        throw new ProblemException(
            StatusCodes.Status503ServiceUnavailable, "Not yet.", $"The command '{command}' has not been carried out yet; ask again.");
    }
}
