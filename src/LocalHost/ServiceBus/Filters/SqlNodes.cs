using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>A parsed part of a filter: a condition, or an operand of one.</summary>
internal abstract record SqlNode;

/// <summary>True, false, or null where it cannot be known.</summary>
internal abstract record SqlCondition : SqlNode
{
    public abstract bool? Test(Content message);
}

/// <summary>A value, or null where it is unknown.</summary>
internal abstract record SqlOperand : SqlNode
{
    public abstract object? Value(Content message);
}

internal sealed record SqlConstant(object? Constant) : SqlOperand
{
    public override object? Value(Content message) => Constant;
}

internal sealed record SqlProperty(Func<Content, object?> Read) : SqlOperand
{
    public override object? Value(Content message) => Read(message);
}

internal sealed record SqlArithmetic(string Operator, SqlOperand Left, SqlOperand Right) : SqlOperand
{
    public override object? Value(Content message) =>
        Left.Value(message) is { } left && Right.Value(message) is { } right ? SqlValues.Calculate(Operator, left, right) : null;
}

internal sealed record SqlNegation(SqlOperand Operand) : SqlOperand
{
    public override object? Value(Content message) => Operand.Value(message) is { } value ? SqlValues.Calculate("-", 0L, value) : null;
}

internal sealed record SqlComparison(string Operator, SqlOperand Left, SqlOperand Right) : SqlCondition
{
    public override bool? Test(Content message) =>
        Left.Value(message) is { } left && Right.Value(message) is { } right ? SqlValues.Compare(Operator, left, right) : null;
}

internal sealed record SqlNot(SqlCondition Condition) : SqlCondition
{
    public override bool? Test(Content message) => !Condition.Test(message);
}

internal sealed record SqlAnd(SqlCondition Left, SqlCondition Right) : SqlCondition
{
    public override bool? Test(Content message) => Left.Test(message) is var left && left == false ? false : left & Right.Test(message);
}

internal sealed record SqlOr(SqlCondition Left, SqlCondition Right) : SqlCondition
{
    public override bool? Test(Content message) => Left.Test(message) is var left && left == true ? true : left | Right.Test(message);
}

internal sealed record SqlIn(SqlOperand Operand, IReadOnlyList<SqlOperand> Choices) : SqlCondition
{
    public override bool? Test(Content message)
    {
        if (Operand.Value(message) is not { } value) return null;
        bool? found = false;
        foreach (var choice in Choices) found |= choice.Value(message) is { } other ? SqlValues.Compare("=", value, other) : null;
        return found;
    }
}

internal sealed record SqlLike(SqlOperand Operand, SqlOperand Pattern, SqlOperand? Escape) : SqlCondition
{
    public override bool? Test(Content message)
    {
        var escape = Escape?.Value(message);
        if (Operand.Value(message) is not { } value || Pattern.Value(message) is not { } pattern) return null;
        if (Escape is not null && escape is null) return null;
        return LikePattern.Parse(SqlValues.Text(pattern), escape is null ? null : SqlValues.Text(escape)).Matches(SqlValues.Text(value));
    }
}

/// <summary>Both IS NULL and, negated, EXISTS: a property that is null and one that is missing are the same.</summary>
internal sealed record SqlIsNull(SqlProperty Property) : SqlCondition
{
    public override bool? Test(Content message) => Property.Value(message) is null;
}
