namespace Atomic.EventSourcing;

/// <summary>A read model with one row a stream: a pure fold of the stream's events.</summary>
/// <typeparam name="TState">The aggregate whose streams feed it.</typeparam>
/// <typeparam name="TRow">What a row holds.</typeparam>
public interface IProjection<TState, TRow> where TState : IAggregate<TState> where TRow : class
{
    /// <summary>What it is called, in routes and in the names of its tables: lower case words joined by hyphens, as in <c>stock-levels</c>.</summary>
    static abstract string Name { get; }

    /// <summary>The row after <paramref name="e"/>; null while nothing has happened that the row would show.</summary>
    static abstract TRow? Apply(TRow? row, RecordedEvent e);

    /// <summary>The columns that lists can be filtered by.</summary>
    static abstract IReadOnlyDictionary<string, string> Columns(TRow row);
}

/// <summary>A projection whose rows hold sealed texts about people, and let go of them when a person's data are erased.</summary>
public interface IScrubbed<TRow>
{
    /// <summary>The column, among <see cref="IProjection{TState,TRow}.Columns"/>, that says whose texts the row holds; empty when it holds none.</summary>
    const string Column = "Subject";

    /// <summary>The row without its texts.</summary>
    static abstract TRow Scrub(TRow row);
}
