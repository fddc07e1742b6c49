using System.Buffers;
using System.Globalization;
using System.Text;

namespace Atomic.TableStorage.Rows;

/// <summary>
/// Ids as parts of keys. Azure forbids some characters in keys, and clients, proxies and emulators have each got others wrong; so
/// whatever is not on a short list is written as <c>=</c> and its four hexadecimal digits. Two ids never become one key.
/// </summary>
internal static class KeyText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~:@");

    public static string Encode(string id)
    {
        if (!id.AsSpan().ContainsAnyExcept(Plain)) return id;
        var text = new StringBuilder(id.Length + 16);
        foreach (var c in id)
        {
            if (Plain.Contains(c)) text.Append(c);
            else text.Append(CultureInfo.InvariantCulture, $"={(int)c:X4}");
        }

        return text.ToString();
    }

    /// <summary>The id that <see cref="Encode"/> was given.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('=', StringComparison.Ordinal)) return text;
        var id = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '=')
            {
                id.Append(text[at]);
                continue;
            }

            id.Append((char)int.Parse(text.AsSpan(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            at += 4;
        }

        return id.ToString();
    }
}
