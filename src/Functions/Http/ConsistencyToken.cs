using Atomic.EventSourcing;
using Atomic.Functions.Streams;
using Microsoft.AspNetCore.Http;

namespace Atomic.Functions.Http;

/// <summary>The token of a command that was accepted and may not have been carried out yet: <c>inventoryStockItem:sku-1!{command}</c>.</summary>
public sealed record CommandToken(StreamId Stream, string CommandId)
{
    public override string ToString() => $"{Stream}!{CommandId}";
}

/// <summary>
/// Reads the header <c>Consistency-Token</c>: places in streams, or commands whose places are looked up, one or several joined by commas.
/// A query is given all the tokens that a client has, and heeds those that concern it.
/// </summary>
public sealed class ConsistencyTokens(IEventStore events, TimeProvider time)
{
    public const string Header = "Consistency-Token";

    private const int MostTokens = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The places that the answer must show at least.</summary>
    /// <exception cref="ProblemException">400 for a malformed token; 503 when its command has not been carried out in time.</exception>
    public async Task<IReadOnlyList<StreamPosition>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var texts = request.Headers[Header].SelectMany(line => line!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (texts.Count > MostTokens) throw ProblemException.Invalid(Header, $"has {texts.Count} tokens and may have at most {MostTokens}.");
        return await Task.WhenAll(texts.Select(text => ReadAsync(text, cancellation)));
    }

    private async Task<StreamPosition> ReadAsync(string text, CancellationToken cancellation)
    {
        if (StreamPosition.TryParse(text, out var position)) return Known(position, text);

        var bang = text.LastIndexOf('!');
        return bang > 0 && StreamPosition.TryParse($"{text[..bang]}@0", out var stream) && IsCommand(text[(bang + 1)..])
            ? await WaitForAsync(Known(stream, text).Stream, text[(bang + 1)..], cancellation)
            : throw ProblemException.Invalid(Header, $"'{text}' is not a token that this service has given.");
    }

    private static StreamPosition Known(StreamPosition position, string text) => AggregateCatalog.Find(position.Stream.Category) is not null
        ? position
        : throw ProblemException.Invalid(Header, $"'{text}' is not a token that this service has given: there are no streams of '{position.Stream.Category}'.");

    private static bool IsCommand(string id) => id.Length is > 0 and <= 200 && id.All(c => char.IsAsciiLetterOrDigit(c) || "-_.~:".Contains(c, StringComparison.Ordinal));

    private async Task<StreamPosition> WaitForAsync(StreamId stream, string command, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Patience)
        {
            if (await events.FindRecordAsync(stream, command, cancellation) is { } record)
            {
                // One that wrote no events was decided on what others had written: no older state shows what it was answered for.
                var version = record.DoVersion > 0 ? record.DoVersion : await events.FindVersionAsync(stream, cancellation);
                return new StreamPosition(stream, version);
            }

            await Task.Delay(Pause, time, cancellation);
        }

        throw new ProblemException(
            StatusCodes.Status503ServiceUnavailable, "Not yet.", $"The command '{command}' has not been carried out yet; ask again.");
    }
}
