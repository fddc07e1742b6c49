using System.Globalization;

namespace Atomic.LocalHost.ServiceBus.Filters;

/// <summary>
/// Operators on values, which promote as C# does: whole numbers to decimal or double, but decimal never to double. What C# would not
/// compile is a <see cref="FilterException"/>.
/// </summary>
internal static class SqlValues
{
    public static string Text(object value) => value as string ?? throw new FilterException($"LIKE works on text, not on {Name(value)}.");

    public static bool Compare(string name, object left, object right)
    {
        if (IsNotANumber(left) || IsNotANumber(right)) return name is "<>" or "!=";
        if (name is "=") return AreEqual(left, right);
        if (name is "<>" or "!=") return !AreEqual(left, right);
        var order = Order(name, left, right);
        return name switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    public static object Calculate(string name, object left, object right)
    {
        if (name is "+" && left is string start && right is string end) return start + end;
        try
        {
            return (Promote(left), Promote(right)) switch
            {
                (long a, long b) => Calculate(name, a, b),
                (decimal a, decimal b) => Calculate(name, a, b),
                (decimal a, long b) => Calculate(name, a, b),
                (long a, decimal b) => Calculate(name, (decimal)a, b),
                (double a, double b) => Calculate(name, a, b),
                (double a, long b) => Calculate(name, a, b),
                (long a, double b) => Calculate(name, (double)a, b),
                _ => throw Mismatch(name, left, right),
            };
        }
        catch (Exception e) when (e is DivideByZeroException or OverflowException)
        {
            throw new FilterException($"{left} {name} {right}: {e.Message}");
        }
    }

    private static T Calculate<T>(string name, T left, T right) where T : System.Numerics.INumber<T> => name switch
    {
        "+" => checked(left + right),
        "-" => checked(left - right),
        "*" => checked(left * right),
        "/" => left / right,
        _ => left % right,
    };

    private static bool AreEqual(object left, object right) => (left, right) switch
    {
        (string a, string b) => a == b,
        (bool a, bool b) => a == b,
        (Guid a, Guid b) => a == b,
        (Uri a, Uri b) => a == b,
        _ => Order("=", left, right) == 0,
    };

    private static int Order(string name, object left, object right) => (Promote(left), Promote(right)) switch
    {
        (long a, long b) => a.CompareTo(b),
        (decimal a, decimal b) => a.CompareTo(b),
        (decimal a, long b) => a.CompareTo(b),
        (long a, decimal b) => ((decimal)a).CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (double a, long b) => a.CompareTo(b),
        (long a, double b) => ((double)a).CompareTo(b),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        _ => throw Mismatch(name, left, right),
    };

    private static object Promote(object value) => value switch
    {
        byte or sbyte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        char character => (long)character,
        ulong big => (decimal)big,
        float single => (double)single,
        _ => value,
    };

    // It compares to nothing, which an order could not say.
    private static bool IsNotANumber(object value) => value is double.NaN or float.NaN;

    private static FilterException Mismatch(string name, object left, object right) =>
        new($"'{name}' is not defined between {Name(left)} and {Name(right)}.");

    private static string Name(object value) => value.GetType().Name;
}
