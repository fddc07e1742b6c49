using System.Text;

namespace Atomic.LocalHost.ServiceBus.Filters;

internal enum SqlTokenKind
{
    Keyword,
    Identifier,
    Text,
    Number,
    Symbol,
    End,
}

/// <param name="Value">Keywords in capitals; text and identifiers without their quotes.</param>
/// <param name="Position">Counted from 1.</param>
/// <param name="IsQuoted">An identifier that is never a keyword or a scope, since it was written in brackets or double quotes.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Value, int Position, bool IsQuoted = false)
{
    public override string ToString() => Kind == SqlTokenKind.End ? "the end" : $"'{Value}'";
}

/// <summary>Cuts the text of a filter into its words.</summary>
internal sealed class SqlTokens(string text)
{
    private static readonly HashSet<string> Keywords =
        ["AND", "OR", "NOT", "IN", "LIKE", "ESCAPE", "IS", "NULL", "EXISTS", "TRUE", "FALSE"];

    private static readonly string[] Symbols = ["<>", "!=", ">=", "<=", "=", ">", "<", "+", "-", "*", "/", "%", "(", ")", ",", "."];

    private int _next;

    public static List<SqlToken> Of(string text)
    {
        var tokens = new SqlTokens(text);
        var all = new List<SqlToken>();
        do
        {
            all.Add(tokens.Read());
        }
        while (all[^1].Kind != SqlTokenKind.End);

        return all;
    }

    private SqlToken Read()
    {
        while (_next < text.Length && char.IsWhiteSpace(text[_next])) _next++;
        if (_next == text.Length) return new SqlToken(SqlTokenKind.End, "", _next + 1);
        var first = text[_next];
        if (char.IsLetter(first)) return ReadWord();
        if (char.IsAsciiDigit(first)) return ReadNumber();
        return first switch
        {
            '\'' => ReadQuoted(SqlTokenKind.Text, '\''),
            '"' => ReadQuoted(SqlTokenKind.Identifier, '"'),
            '[' => ReadQuoted(SqlTokenKind.Identifier, ']'),
            _ => ReadSymbol(),
        };
    }

    private SqlToken ReadWord()
    {
        var start = _next;
        while (_next < text.Length && (char.IsLetter(text[_next]) || char.IsDigit(text[_next]) || text[_next] == '_')) _next++;
        var word = text[start.._next];
        var keyword = word.ToUpperInvariant();
        return Keywords.Contains(keyword)
            ? new SqlToken(SqlTokenKind.Keyword, keyword, start + 1)
            : new SqlToken(SqlTokenKind.Identifier, word, start + 1);
    }

    private SqlToken ReadNumber()
    {
        var start = _next;
        SkipDigits();
        if (_next + 1 < text.Length && text[_next] == '.' && char.IsAsciiDigit(text[_next + 1]))
        {
            _next++;
            SkipDigits();
        }

        if (_next < text.Length && text[_next] is 'e' or 'E')
        {
            _next++;
            if (_next < text.Length && text[_next] is '+' or '-') _next++;
            SkipDigits();
        }

        return new SqlToken(SqlTokenKind.Number, text[start.._next], start + 1);
    }

    private void SkipDigits()
    {
        while (_next < text.Length && char.IsAsciiDigit(text[_next])) _next++;
    }

    private SqlToken ReadQuoted(SqlTokenKind kind, char close)
    {
        var start = _next++;
        var value = new StringBuilder();
        while (_next < text.Length)
        {
            var character = text[_next++];
            if (character != close)
            {
                value.Append(character);
                continue;
            }

            if (_next == text.Length || text[_next] != close) return new SqlToken(kind, value.ToString(), start + 1, true);
            value.Append(close);
            _next++;
        }

        throw new FilterSyntaxException($"{(kind == SqlTokenKind.Text ? "a text" : "a name")} is not closed by {close}", start + 1);
    }

    private SqlToken ReadSymbol()
    {
        var symbol = Array.Find(Symbols, symbol => string.CompareOrdinal(text, _next, symbol, 0, symbol.Length) == 0)
            ?? throw new FilterSyntaxException($"'{text[_next]}' is not part of the syntax", _next + 1);
        _next += symbol.Length;
        return new SqlToken(SqlTokenKind.Symbol, symbol, _next - symbol.Length + 1);
    }
}
