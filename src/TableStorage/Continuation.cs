using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Atomic.EventSourcing;

namespace Atomic.TableStorage;

/// <summary>
/// Where a list goes on, as its caller carries it: signed, and good only for the list it was given for. Whoever changes it, or brings it to
/// another list, is told that it is not ours.
/// </summary>
internal static class Continuation
{
    /// <param name="scope">The list: its table and its filter.</param>
    public static string Write(string next, string scope, byte[] key) =>
        Base64Url.EncodeToString([.. Signature(next, scope, key), .. Encoding.UTF8.GetBytes(next)]);

    /// <exception cref="ContinuationException"><see cref="Write"/> never returned it for this list.</exception>
    public static string Read(string token, string scope, byte[] key)
    {
        if (!Base64Url.IsValid(token)) throw new ContinuationException();
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= HMACSHA256.HashSizeInBytes) throw new ContinuationException();
        var next = Encoding.UTF8.GetString(bytes.AsSpan(HMACSHA256.HashSizeInBytes));
        return CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, HMACSHA256.HashSizeInBytes), Signature(next, scope, key))
            ? next
            : throw new ContinuationException();
    }

    private static byte[] Signature(string next, string scope, byte[] key) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{scope}\n{next}"));
}
