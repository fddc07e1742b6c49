namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>
/// Descends by precedence: OR, AND, NOT, comparison, sum, product, sign. A part in parentheses may be either a condition or an
/// operand, so every level hands on whichever it met, and the level that needs one of the two says so.
/// </summary>
internal sealed partial class SqlParser(List<SqlToken> tokens)
{
    private static readonly string[] Comparisons = ["=", "<>", "!=", ">", ">=", "<", "<="];

    private int _next;

    private SqlToken Current => tokens[_next];

    /// <exception cref="FilterSyntaxException">Says what is wrong, and at which character.</exception>
    public static SqlCondition Parse(string text)
    {
        var parser = new SqlParser(SqlTokens.Of(text));
        var start = parser.Current;
        var node = parser.ReadOr();
        return parser.Current.Kind == SqlTokenKind.End ? AsCondition(node, start) : throw parser.Unexpected("the end");
    }

    private SqlNode ReadOr()
    {
        var start = Current;
        var left = ReadAnd();
        while (TakesKeyword("OR"))
        {
            var rightStart = Current;
            left = new SqlOr(AsCondition(left, start), AsCondition(ReadAnd(), rightStart));
        }

        return left;
    }

    private SqlNode ReadAnd()
    {
        var start = Current;
        var left = ReadNot();
        while (TakesKeyword("AND"))
        {
            var rightStart = Current;
            left = new SqlAnd(AsCondition(left, start), AsCondition(ReadNot(), rightStart));
        }

        return left;
    }

    private SqlNode ReadNot()
    {
        if (!TakesKeyword("NOT")) return ReadComparison();
        var start = Current;
        return new SqlNot(AsCondition(ReadNot(), start));
    }

    private SqlNode ReadComparison()
    {
        var start = Current;
        if (TakesKeyword("EXISTS")) return ReadExists();
        var left = ReadSum();
        if (Current is { Kind: SqlTokenKind.Symbol, Value: var symbol } && Comparisons.Contains(symbol))
        {
            _next++;
            var rightStart = Current;
            return new SqlComparison(symbol, AsOperand(left, start), AsOperand(ReadSum(), rightStart));
        }

        if (TakesKeyword("IS")) return ReadIsNull(left, start);
        var isNegated = TakesKeyword("NOT");
        if (TakesKeyword("IN")) return Negated(isNegated, ReadIn(AsOperand(left, start)));
        if (TakesKeyword("LIKE")) return Negated(isNegated, ReadLike(AsOperand(left, start)));
        return isNegated ? throw Unexpected("IN or LIKE") : left;
    }

    private SqlNot ReadExists()
    {
        Expect("(");
        var start = Current;
        var property = ReadPrimary() as SqlProperty ?? throw new FilterSyntaxException("EXISTS asks for a property", start.Position);
        Expect(")");
        return new SqlNot(new SqlIsNull(property));
    }

    private SqlCondition ReadIsNull(SqlNode left, SqlToken start)
    {
        var property = left as SqlProperty ?? throw new FilterSyntaxException("IS NULL asks for a property", start.Position);
        var isNegated = TakesKeyword("NOT");
        return TakesKeyword("NULL") ? Negated(isNegated, new SqlIsNull(property)) : throw Unexpected("NULL");
    }

    private SqlIn ReadIn(SqlOperand operand)
    {
        Expect("(");
        var choices = new List<SqlOperand>();
        do
        {
            choices.Add(ReadOperand());
        }
        while (Takes(","));

        Expect(")");
        return new SqlIn(operand, choices);
    }

    private SqlLike ReadLike(SqlOperand operand)
    {
        var start = Current;
        var pattern = ReadOperand();
        var escape = TakesKeyword("ESCAPE") ? ReadOperand() : null;
        RefuseConstantPattern(pattern, escape, start);
        return new SqlLike(operand, pattern, escape);
    }

    // What is wrong with every message is an error at the start, and not one of each message.
    private static void RefuseConstantPattern(SqlOperand pattern, SqlOperand? escape, SqlToken start)
    {
        try
        {
            var escapeText = escape is SqlConstant { Constant: { } constant } ? SqlValues.Text(constant) : null;
            if (pattern is SqlConstant { Constant: { } text } && escape is null or SqlConstant) LikePattern.Parse(SqlValues.Text(text), escapeText);
        }
        catch (FilterException e)
        {
            throw new FilterSyntaxException(e.Message, start.Position);
        }
    }

    private static SqlCondition Negated(bool isNegated, SqlCondition condition) => isNegated ? new SqlNot(condition) : condition;

    private static SqlCondition AsCondition(SqlNode node, SqlToken start) =>
        node as SqlCondition ?? throw new FilterSyntaxException("a condition is expected, and this is a value", start.Position);

    private static SqlOperand AsOperand(SqlNode node, SqlToken start) =>
        node as SqlOperand ?? throw new FilterSyntaxException("a value is expected, and this is a condition", start.Position);

    private FilterSyntaxException Unexpected(string expected) => new($"{expected} is expected, and not {Current}", Current.Position);

    private bool TakesKeyword(string keyword) => Takes(SqlTokenKind.Keyword, keyword);

    private bool Takes(string symbol) => Takes(SqlTokenKind.Symbol, symbol);

    private bool Takes(SqlTokenKind kind, string value)
    {
        if (Current.Kind != kind || Current.Value != value) return false;
        _next++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!Takes(symbol)) throw Unexpected($"'{symbol}'");
    }
}
