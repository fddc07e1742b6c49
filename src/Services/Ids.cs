using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atomic.Services;

/// <summary>An id of the business: 1 to 100 letters, digits and <c>- _ . ~</c>, so that it can stand in a key, a route and a token as it is.</summary>
public interface IId<TSelf> where TSelf : struct, IId<TSelf>
{
    static abstract TSelf Of(string value);

    string Value { get; }
}

public static class Id
{
    public const int MaxLength = 100;

    /// <summary>What is wrong with <paramref name="value"/> as an id; null when nothing is.</summary>
    public static string? Problem(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "is required.";
        if (value.Length > MaxLength) return $"has {value.Length} characters and may have at most {MaxLength}.";
        var stranger = value.FirstOrDefault(c => !char.IsAsciiLetterOrDigit(c) && !"-_.~".Contains(c, StringComparison.Ordinal));
        return stranger == default ? null : $"may hold letters, digits and - _ . ~ only, and holds '{stranger}'.";
    }
}

internal sealed class IdConverter<TId> : JsonConverter<TId> where TId : struct, IId<TId>
{
    public override TId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TId.Of(reader.GetString() ?? throw new JsonException("An id is text."));

    public override void Write(Utf8JsonWriter writer, TId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

[JsonConverter(typeof(IdConverter<OrderId>))]
public readonly record struct OrderId(string Value) : IId<OrderId>
{
    public static OrderId Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<CustomerId>))]
public readonly record struct CustomerId(string Value) : IId<CustomerId>
{
    public static CustomerId Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<Sku>))]
public readonly record struct Sku(string Value) : IId<Sku>
{
    public static Sku Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<PaymentId>))]
public readonly record struct PaymentId(string Value) : IId<PaymentId>
{
    public static PaymentId Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<ShipmentId>))]
public readonly record struct ShipmentId(string Value) : IId<ShipmentId>
{
    public static ShipmentId Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<CardNumber>))]
public readonly record struct CardNumber(string Value) : IId<CardNumber>
{
    public static CardNumber Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<AccountId>))]
public readonly record struct AccountId(string Value) : IId<AccountId>
{
    public static AccountId Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<TripId>))]
public readonly record struct TripId(string Value) : IId<TripId>
{
    public static TripId Of(string value) => new(value);

    public override string ToString() => Value;
}

[JsonConverter(typeof(IdConverter<OfferCode>))]
public readonly record struct OfferCode(string Value) : IId<OfferCode>
{
    public static OfferCode Of(string value) => new(value);

    public override string ToString() => Value;
}
