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
