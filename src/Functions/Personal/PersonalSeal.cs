using System.Security.Cryptography;
using System.Text;
using Atomic.EventSourcing;

namespace Atomic.Functions.Personal;

/// <summary>
/// Seals a person's texts with AES-GCM and opens them again. The nonce is made of the text with a key of its own, so that the same text of the
/// same person is sealed alike: a command that says nothing new can be told from one that does, and a repeated start from another.
/// </summary>
internal sealed class PersonalSeal
{
    private const int TagBytes = 16;
    private const int NonceBytes = 12;

    private readonly string _subject;
    private readonly byte[] _encryption;
    private readonly byte[] _nonces;

    public PersonalSeal(string subject, byte[] key)
    {
        _subject = subject;
        _encryption = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, ISubjectKeys.KeyBytes, info: "encryption"u8.ToArray());
        _nonces = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, ISubjectKeys.KeyBytes, info: "nonces"u8.ToArray());
    }

    public PersonalText Seal(PersonalText text)
    {
        var plain = Encoding.UTF8.GetBytes(text.Value);
        var bytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = bytes.AsSpan(0, NonceBytes);
        HMACSHA256.HashData(_nonces, plain).AsSpan(0, NonceBytes).CopyTo(nonce);
        using var aes = new AesGcm(_encryption, TagBytes);
        aes.Encrypt(
            nonce, plain, bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(_subject));
        return PersonalText.Seal(_subject, bytes);
    }

    /// <summary>The text; <see cref="PersonalText.Erased"/> when it was sealed with a key that this is not.</summary>
    public PersonalText Open(PersonalText text)
    {
        if (text.Bytes is not { Length: >= NonceBytes + TagBytes } bytes) return PersonalText.Erased;
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_encryption, TagBytes);
            aes.Decrypt(
                bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes + TagBytes), bytes.AsSpan(NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(_subject));
            return new PersonalText(Encoding.UTF8.GetString(plain));
        }
        catch (AuthenticationTagMismatchException)
        {
            // Of a time before the person's first key was erased, when there is a new one now.
            return PersonalText.Erased;
        }
    }
}
