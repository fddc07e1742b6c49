namespace Atomic.EventSourcing;

/// <summary>
/// A read model that several streams feed: a folder holds items, each of one stream or of one event, and a summary of them. The summary is
/// written together with the items that change it, so it is exact, and no row grows with the number of its sources.
/// </summary>
/// <typeparam name="TItem">What an item holds.</typeparam>
/// <typeparam name="TSummary">What a folder's summary holds: the same whatever the order in which its items came.</typeparam>
public interface IView<TItem, TSummary> where TItem : class where TSummary : class
{
    /// <summary>What it is called: lower case words joined by hyphens, as in <c>orders-by-customer</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The aggregates whose streams feed it.</summary>
    static abstract IReadOnlyList<StreamSource> Sources { get; }

    /// <summary>Where an event belongs; null when it is not shown.</summary>
    static abstract Place? PlaceOf(RecordedEvent e);

    /// <summary>The item after <paramref name="e"/>.</summary>
    static abstract TItem Apply(TItem? item, RecordedEvent e);

    /// <summary>The summary once an item that was <paramref name="before"/> is <paramref name="after"/>.</summary>
    static abstract TSummary Summarize(TSummary? summary, TItem? before, TItem after);
}

/// <summary>A place in a view: an item in a folder.</summary>
/// <param name="IsOfEvent">The item is of this event alone, and no other ever changes it.</param>
public sealed record Place(string Folder, string Item, bool IsOfEvent)
{
    public string Key => $"{Folder}|{Item}";

    /// <summary>One item for all events of the stream, in their order.</summary>
    public static Place OfStream(string folder, RecordedEvent e) => new(folder, e.Stream.Id, false);

    /// <summary>An item for this event alone, as an entry in a ledger: the order in which entries come does not matter.</summary>
    public static Place OfEvent(string folder, RecordedEvent e) => new(folder, $"{e.Stream.Id}@{e.Version:D10}", true);
}
