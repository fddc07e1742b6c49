using Atomic.EventSourcing;

namespace Atomic.Unit.EventSourcing;

internal sealed record Counted(int Amount) : IEvent;

internal sealed record NotCounted(string Reason) : IRefusal;

internal sealed record Tally(int Sum) : IAggregate<Tally>
{
    public static string Category => "tally";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(Counted), typeof(NotCounted));

    public static Tally Initial { get; } = new(0);

    public Tally Evolve(IEvent e) => e is Counted counted ? new Tally(Sum + counted.Amount) : this;
}

internal sealed record TallyRow(int Sum, int Count);

/// <summary>A projection that cannot take one number, until it is fixed.</summary>
internal sealed class Tallies : IProjection<Tally, TallyRow>
{
    public const int Poison = 666;

    private static readonly AsyncLocal<bool> Mended = new();

    public static bool Fixed
    {
        get => Mended.Value;
        set => Mended.Value = value;
    }

    public static string Name => "tallies";

    public static TallyRow? Apply(TallyRow? row, RecordedEvent e) => e.Data switch
    {
        Counted { Amount: Poison } when !Fixed => throw new InvalidOperationException($"{Poison} cannot be counted."),
        Counted counted => new TallyRow((row?.Sum ?? 0) + counted.Amount, (row?.Count ?? 0) + 1),
        _ => row,
    };

    public static IReadOnlyDictionary<string, string> Columns(TallyRow row) => new Dictionary<string, string> { ["Count"] = $"{row.Count}" };
}

/// <summary>One item a stream, all in one folder.</summary>
internal sealed class TallySheet : IView<TallyRow, TallyRow>
{
    public const string Folder = "all";

    public static string Name => "tally-sheet";

    public static IReadOnlyList<StreamSource> Sources { get; } = [StreamSource.Of<Tally>()];

    public static Place? PlaceOf(RecordedEvent e) => Place.OfStream(Folder, e);

    public static TallyRow Apply(TallyRow? item, RecordedEvent e) => Tallies.Apply(item, e)!;

    public static TallyRow Summarize(TallyRow? summary, TallyRow? before, TallyRow after) =>
        new((summary?.Sum ?? 0) + after.Sum - (before?.Sum ?? 0), (summary?.Count ?? 0) + after.Count - (before?.Count ?? 0));
}

/// <summary>One item an event, in folders by amount.</summary>
internal sealed class TallyLedger : IView<TallyRow, TallyRow>
{
    public static string Name => "tally-ledger";

    public static IReadOnlyList<StreamSource> Sources { get; } = [StreamSource.Of<Tally>()];

    public static Place? PlaceOf(RecordedEvent e) => e.Data is Counted counted ? Place.OfEvent($"of{counted.Amount}", e) : null;

    public static TallyRow Apply(TallyRow? item, RecordedEvent e) => Tallies.Apply(item, e)!;

    public static TallyRow Summarize(TallyRow? summary, TallyRow? before, TallyRow after) => TallySheet.Summarize(summary, before, after);
}
