namespace Atomic.LocalHost.Azurite;

internal static class Sentence
{
    private const int Longest = 300;

    /// <summary>The first lines of what a program printed, as part of a sentence.</summary>
    public static string Of(string output)
    {
        var text = string.Join("; ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (text.Length == 0) return "it printed nothing";
        return text.Length <= Longest ? text : $"{text[..Longest]} …";
    }
}
