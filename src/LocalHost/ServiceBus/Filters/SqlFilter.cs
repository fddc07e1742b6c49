using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>
/// The subset of SQL-92 that Service Bus documents for subscriptions, without parameters and functions. What is unknown
/// (a property that the message does not have) makes a condition unknown, and an unknown condition does not match.
/// </summary>
public sealed class SqlFilter : MessageFilter
{
    private readonly SqlCondition _condition;

    private SqlFilter(string text, SqlCondition condition)
    {
        Text = text;
        _condition = condition;
    }

    public string Text { get; }

    /// <exception cref="FilterSyntaxException">Says what is wrong, and at which character.</exception>
    public static SqlFilter Parse(string text) => new(text, SqlParser.Parse(text));

    internal override bool Matches(Content message) => _condition.Test(message) == true;
}

/// <param name="position">The character that it is about, counted from 1.</param>
public sealed class FilterSyntaxException(string problem, int position) : Exception($"{problem} (at character {position})")
{
    public int Position { get; } = position;
}
