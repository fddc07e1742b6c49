using System.Globalization;

namespace Atomic.Functions.Control;

/// <summary>Whose a transaction's id is that was made from a key.</summary>
public enum Claim
{
    First,

    /// <summary>The same start has claimed it before, and may have run.</summary>
    Again,
    OfAnother,
}

/// <summary>The start that has claimed a transaction's id: whoever comes again with it goes on with what that one began.</summary>
/// <param name="Version">Of its definition; null in a claim that an earlier version of this code has written.</param>
/// <param name="At">When it was asked for; null in a claim that an earlier version of this code has written.</param>
public sealed record ClaimedStart(string Fingerprint, int? Version, DateTimeOffset? At)
{
    public static ClaimedStart Read(string text) => text.Split(' ') is [var fingerprint, var version, var at]
        ? new ClaimedStart(fingerprint, int.Parse(version, CultureInfo.InvariantCulture), DateTimeOffset.Parse(at, CultureInfo.InvariantCulture))
        : new ClaimedStart(text, null, null);

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Fingerprint} {Version} {At:O}");
}
