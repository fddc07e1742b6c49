namespace Atomic.TableStorage;

/// <summary>A column that lists are filtered by, under a prefix, so that no name a projection chooses meets one of the store's.</summary>
internal static class ReadModelColumn
{
    /// <exception cref="ArgumentException">The name holds more than letters and digits.</exception>
    public static string Of(string name) => name.Length > 0 && name.All(char.IsAsciiLetterOrDigit)
        ? $"by{name}"
        : throw new ArgumentException($"A column is named by letters and digits, and not '{name}'.", nameof(name));
}
