using System.Security.Cryptography;
using System.Text;

namespace Atomic.TableStorage.Rows;

/// <summary>A hash of an id that never changes, on any machine: stored keys are made of it.</summary>
internal readonly record struct KeyHash(string Range, string Tag)
{
    private const int TagBytes = 4;

    /// <param name="id">Of a stream or of a row.</param>
    /// <returns>The range, two digits, spreads partitions over 256 of them; the tag, eight digits, sets row keys apart.</returns>
    public static KeyHash Of(string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return new KeyHash(Convert.ToHexStringLower(hash.AsSpan(0, 1)), Convert.ToHexStringLower(hash.AsSpan(1, TagBytes)));
    }
}
