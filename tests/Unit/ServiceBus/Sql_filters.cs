using Atomic.LocalHost.ServiceBus.Filters;
using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Unit.ServiceBus;

public sealed class Sql_filters
{
    private static readonly ServiceBusMessage Message = new("body")
    {
        MessageId = "m-1",
        Subject = "OrderPlaced",
        SessionId = "s-1",
        ApplicationProperties =
        {
            ["context"] = "ordering",
            ["Region"] = "eu",
            ["amount"] = 150,
            ["price"] = 12.5m,
            ["ratio"] = 0.25,
            ["count"] = 7L,
            ["urgent"] = true,
            ["id"] = new Guid("11111111-1111-1111-1111-111111111111"),
            ["from"] = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ["to"] = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero),
            ["with space"] = "x",
            ["nothing"] = null!,
            ["rate"] = "50%",
            ["path"] = "a_b",
            ["nan"] = double.NaN,
        },
    };

    [Theory]
    [InlineData("context = 'ordering'")]
    [InlineData("CONTEXT = 'ordering'")]
    [InlineData("user.context = 'ordering'")]
    [InlineData("context <> 'Ordering'")]
    [InlineData("context != 'payments'")]
    [InlineData("sys.Label = 'OrderPlaced' AND sys.messageid = 'm-1' AND SYS.SessionId = 's-1'")]
    [InlineData("[with space] = 'x' AND \"with space\" = 'x'")]
    [InlineData("amount > 100 AND amount >= 150 AND amount < 151 AND amount <= 150")]
    [InlineData("amount = 150.0")]
    [InlineData("amount = 1.5E2 AND amount = 15e1")]
    [InlineData("price > 12 AND price < 13")]
    [InlineData("ratio = 0.25 AND ratio < 1")]
    [InlineData("amount + 10 = 160 AND amount - 10 = 140 AND amount * 2 = 300 AND amount / 100 = 1 AND amount % 100 = 50")]
    [InlineData("amount / 100.0 = 1.5")]
    [InlineData("1 + 2 * 3 = 7 AND (1 + 2) * 3 = 9 AND 7 - 2 - 1 = 4")]
    [InlineData("-amount = -150 AND +amount = 150 AND - -amount = 150")]
    [InlineData("context + '!' = 'ordering!'")]
    [InlineData("urgent = TRUE AND urgent <> false")]
    [InlineData("id = id AND NOT id <> id")]
    [InlineData("from < to")]
    [InlineData("Region IN ('us', 'eu')")]
    [InlineData("Region NOT IN ('us', 'asia')")]
    [InlineData("amount IN (1, 150.0, count)")]
    [InlineData("sys.Label LIKE 'Order%'")]
    [InlineData("sys.Label LIKE '%Placed' AND sys.Label LIKE '%der%ac%' AND sys.Label LIKE 'Order_laced'")]
    [InlineData("sys.Label NOT LIKE 'order%'")]
    [InlineData("rate LIKE '50\\%' ESCAPE '\\' AND path LIKE 'a!_b' ESCAPE '!'")]
    [InlineData("path LIKE 'a_b'")]
    [InlineData("'it''s' = 'it''s'")]
    [InlineData("missing IS NULL AND nothing IS NULL AND context IS NOT NULL")]
    [InlineData("EXISTS(context) AND NOT EXISTS(missing) AND NOT EXISTS ( nothing )")]
    [InlineData("EXISTS(user.context) AND sys.To IS NULL")]
    [InlineData("context = 'payments' OR amount = 150 AND urgent = TRUE")]
    [InlineData("NOT (context = 'payments' OR amount = 1)")]
    [InlineData("((amount)) = (((150)))")]
    [InlineData("context = 'ordering' and region in ('eu') Or false = true")]
    [InlineData("1 = 1")]
    [InlineData("nan <> nan AND NOT nan = nan AND NOT nan < 1 AND NOT nan >= 1")]
    public void Match(string filter) => Assert.True(SqlFilter.Parse(filter).Matches(Message));

    [Theory]
    [InlineData("context = 'Ordering'")]
    [InlineData("amount > 150")]
    [InlineData("Region IN ('us', 'asia')")]
    [InlineData("sys.Label LIKE 'Order'")]
    [InlineData("sys.Label LIKE '_OrderPlaced'")]
    [InlineData("rate LIKE '5!%' ESCAPE '!'")]
    [InlineData("EXISTS(missing)")]
    [InlineData("context IS NULL")]
    [InlineData("context = 'payments' OR amount = 1 AND urgent = TRUE")]
    [InlineData("NOT context = 'ordering'")]
    public void Do_not_match(string filter) => Assert.False(SqlFilter.Parse(filter).Matches(Message));

    // Unknown is neither true nor false, so neither a condition on it nor its negation matches.
    [Theory]
    [InlineData("missing = 'x'")]
    [InlineData("missing <> 'x'")]
    [InlineData("missing > 1")]
    [InlineData("missing + 1 = 1")]
    [InlineData("-missing = 1")]
    [InlineData("missing = missing")]
    [InlineData("missing = NULL")]
    [InlineData("missing LIKE 'x'")]
    [InlineData("context LIKE missing")]
    [InlineData("context LIKE 'x' ESCAPE missing")]
    [InlineData("missing IN ('x')")]
    [InlineData("context IN ('x', missing)")]
    [InlineData("missing = 'x' AND 1 = 1")]
    [InlineData("missing = 'x' OR 1 = 2")]
    public void Know_when_they_do_not_know(string condition)
    {
        Assert.False(SqlFilter.Parse(condition).Matches(Message));
        Assert.False(SqlFilter.Parse($"NOT ({condition})").Matches(Message));
    }

    [Theory]
    [InlineData("missing = 'x' OR 1 = 1", true)]
    [InlineData("1 = 1 OR missing = 'x'", true)]
    [InlineData("NOT (missing = 'x' AND 1 = 2)", true)]
    [InlineData("NOT (1 = 2 AND missing = 'x')", true)]
    [InlineData("context IN (missing, 'ordering')", true)]
    public void Know_when_the_unknown_does_not_matter(string filter, bool matches) =>
        Assert.Equal(matches, SqlFilter.Parse(filter).Matches(Message));

    [Theory]
    [InlineData("context = 1", "String", "Int64")]
    [InlineData("context > 'a'", "String", "String")]
    [InlineData("price = 12.5", "Decimal", "Double")]
    [InlineData("urgent > FALSE", "Boolean", "Boolean")]
    [InlineData("urgent + 1 = 2", "Boolean", "Int64")]
    [InlineData("amount LIKE '1%'", "LIKE", "Int32")]
    [InlineData("amount / 0 = 1", "150 / 0", "divide by zero")]
    [InlineData("9223372036854775807 + amount = 1", "+", "overflow")]
    [InlineData("path LIKE context ESCAPE context", "ESCAPE", "single character")]
    public void Refuse_a_message_that_they_cannot_judge(string filter, string one, string other)
    {
        var problem = Assert.Throws<FilterException>(() => SqlFilter.Parse(filter).Matches(Message));

        Assert.Contains(one, problem.Message, StringComparison.Ordinal);
        Assert.Contains(other, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1, "value is expected")]
    [InlineData("context", 1, "condition is expected")]
    [InlineData("context = ", 11, "value is expected")]
    [InlineData("context == 'x'", 10, "value is expected")]
    [InlineData("context = 'x' 'y'", 15, "the end is expected")]
    [InlineData("context = 'x", 11, "not closed")]
    [InlineData("[context = 'x'", 1, "not closed")]
    [InlineData("context = #", 11, "not part of the syntax")]
    [InlineData("_context = 1", 1, "not part of the syntax")]
    [InlineData("(context = 'x'", 15, "')' is expected")]
    [InlineData("context = 'x' AND", 18, "value is expected")]
    [InlineData("context = 'x' AND amount", 19, "condition is expected")]
    [InlineData("NOT amount", 5, "condition is expected")]
    [InlineData("(amount = 1) = TRUE", 1, "value is expected")]
    [InlineData("amount = (1 = 1)", 10, "value is expected")]
    [InlineData("1 + (amount = 1) = 2", 5, "value is expected")]
    [InlineData("context IN 'x'", 12, "'(' is expected")]
    [InlineData("context IN ()", 13, "value is expected")]
    [InlineData("context IN ('x'", 16, "')' is expected")]
    [InlineData("context NOT 'x'", 13, "IN or LIKE is expected")]
    [InlineData("context IS 'x'", 12, "NULL is expected")]
    [InlineData("1 IS NULL", 1, "asks for a property")]
    [InlineData("EXISTS(1)", 8, "asks for a property")]
    [InlineData("EXISTS context", 8, "'(' is expected")]
    [InlineData("sys.Nonsense = 'x'", 5, "sys.Nonsense is not supported")]
    [InlineData("other.context = 'x'", 1, "no scope")]
    [InlineData("[sys].Label = 'x'", 1, "no scope")]
    [InlineData("user. = 1", 7, "name of a property")]
    [InlineData("newid() = 1", 1, "function 'newid' is not supported")]
    [InlineData("property('context') = 'x'", 1, "function 'property' is not supported")]
    [InlineData("amount = @value", 10, "not part of the syntax")]
    [InlineData("amount = 99999999999999999999", 10, "no number")]
    [InlineData("amount = 1e", 10, "no number")]
    [InlineData("amount BETWEEN 1 AND 2", 8, "the end is expected")]
    [InlineData("path LIKE 'a!' ESCAPE '!'", 11, "ends with its escape")]
    [InlineData("path LIKE 'a' ESCAPE '!!'", 11, "single character")]
    public void Say_where_they_are_wrong(string filter, int position, string problem)
    {
        var error = Assert.Throws<FilterSyntaxException>(() => SqlFilter.Parse(filter));

        Assert.Equal(position, error.Position);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_time_in_proportion_to_a_pattern_full_of_wildcards()
    {
        var message = new ServiceBusMessage { ApplicationProperties = { ["text"] = new string('a', 20_000) } };

        Assert.False(SqlFilter.Parse("text LIKE '%a%a%a%a%a%a%a%a%a%b'").Matches(message));
    }
}
