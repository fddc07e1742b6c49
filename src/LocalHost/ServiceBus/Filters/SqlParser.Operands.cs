using System.Globalization;

namespace Atomic.LocalHost.ServiceBus.Filters;

internal sealed partial class SqlParser
{
    private SqlOperand ReadOperand()
    {
        var start = Current;
        return AsOperand(ReadSum(), start);
    }

    private SqlNode ReadSum()
    {
        var start = Current;
        var left = ReadProduct();
        while (Current is { Kind: SqlTokenKind.Symbol, Value: "+" or "-" })
        {
            var name = Current.Value;
            _next++;
            var rightStart = Current;
            left = new SqlArithmetic(name, AsOperand(left, start), AsOperand(ReadProduct(), rightStart));
        }

        return left;
    }

    private SqlNode ReadProduct()
    {
        var start = Current;
        var left = ReadSigned();
        while (Current is { Kind: SqlTokenKind.Symbol, Value: "*" or "/" or "%" })
        {
            var name = Current.Value;
            _next++;
            var rightStart = Current;
            left = new SqlArithmetic(name, AsOperand(left, start), AsOperand(ReadSigned(), rightStart));
        }

        return left;
    }

    private SqlNode ReadSigned()
    {
        var isNegative = Takes("-");
        if (!isNegative && !Takes("+")) return ReadPrimary();
        var start = Current;
        var operand = AsOperand(ReadSigned(), start);
        return isNegative ? new SqlNegation(operand) : operand;
    }

    private SqlNode ReadPrimary()
    {
        var token = Current;
        if (Takes("("))
        {
            var inner = ReadOr();
            Expect(")");
            return inner;
        }

        _next++;
        return token switch
        {
            { Kind: SqlTokenKind.Text } => new SqlConstant(token.Value),
            { Kind: SqlTokenKind.Number } => new SqlConstant(ReadNumber(token)),
            { Kind: SqlTokenKind.Keyword, Value: "TRUE" } => new SqlConstant(true),
            { Kind: SqlTokenKind.Keyword, Value: "FALSE" } => new SqlConstant(false),
            { Kind: SqlTokenKind.Keyword, Value: "NULL" } => new SqlConstant(null),
            { Kind: SqlTokenKind.Identifier } => ReadProperty(token),
            _ => throw new FilterSyntaxException($"a value is expected, and not {token}", token.Position),
        };
    }

    private static object ReadNumber(SqlToken token)
    {
        if (long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)) return whole;
        var isReal = double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real);
        return isReal && token.Value.AsSpan().ContainsAny('.', 'e', 'E')
            ? real
            : throw new FilterSyntaxException($"{token} is no number that can be held", token.Position);
    }

    private SqlProperty ReadProperty(SqlToken first)
    {
        if (Current is { Kind: SqlTokenKind.Symbol, Value: "(" })
            throw new FilterSyntaxException($"the function {first} is not supported", first.Position);
        if (!Takes(".")) return User(first.Value);
        var name = Current.Kind == SqlTokenKind.Identifier ? tokens[_next++] : throw Unexpected("the name of a property");
        return (first.IsQuoted ? "" : first.Value.ToUpperInvariant()) switch
        {
            "USER" => User(name.Value),
            "SYS" => System(name),
            _ => throw new FilterSyntaxException($"{first} is no scope; there are sys and user", first.Position),
        };
    }

    private static SqlProperty User(string name) => new(message => MessageProperties.User(message, name));

    private static SqlProperty System(SqlToken name) => new(MessageProperties.FindSystem(name.Value)
        ?? throw new FilterSyntaxException($"sys.{name.Value} is not supported; there are {MessageProperties.SystemNames}", name.Position));
}
