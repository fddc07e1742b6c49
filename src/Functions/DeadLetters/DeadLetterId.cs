using System.Globalization;
using Atomic.Functions.Bus;

namespace Atomic.Functions.DeadLetters;

/// <summary>Which dead letter: the entity it was parked by and its number there. Written <c>events:orders~17</c>.</summary>
public sealed record DeadLetterId(BusEntity Entity, long SequenceNumber)
{
    /// <summary>Null when <paramref name="text"/> names no entity that there is, or no number.</summary>
    public static DeadLetterId? Parse(string text)
    {
        var tilde = text.LastIndexOf('~');
        if (tilde < 1 || !long.TryParse(text.AsSpan(tilde + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        return BusTopology.Declared.Entities.FirstOrDefault(entity => entity.ToString() == text[..tilde]) is { } entity ? new DeadLetterId(entity, number) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Entity}~{SequenceNumber}");
}
