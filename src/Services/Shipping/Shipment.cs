using System.Collections.Frozen;
using Atomic.EventSourcing;

namespace Atomic.Services.Shipping;

/// <summary>Where an order goes. To whom is nobody's business but theirs; the country is one of the business.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record Address(PersonalText Name, PersonalText Street, PersonalText City, PersonalText PostalCode, string Country)
{
    /// <summary>What is left of it once the person's data are erased.</summary>
    public Address Erase() => new(PersonalText.Erased, PersonalText.Erased, PersonalText.Erased, PersonalText.Erased, Country);
}

public sealed record BookShipment(ShipmentId ShipmentId, OrderId OrderId, Address Address);

public sealed record CancelShipment(ShipmentId ShipmentId);

public sealed record ShipmentBooked(ShipmentId ShipmentId, OrderId OrderId, Address Address) : IEvent;

public sealed record ShipmentRefused(ShipmentId ShipmentId, OrderId OrderId, Address Address, string Reason) : IRefusal;

public sealed record ShipmentCancelled(ShipmentId ShipmentId) : IEvent;

public enum ShipmentState
{
    None,
    Booked,
    Cancelled,
    Refused,
}

/// <summary>A shipment: booked or refused, then perhaps cancelled.</summary>
public sealed record Shipment(ShipmentState State) : IAggregate<Shipment>
{
    private static readonly FrozenSet<string> Served = (
        "AT AU BE BG CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT JP LI LT LU LV MT NL NO NZ PL PT RO SE SI SK US")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static string Category => "shippingShipment";

    public static EventTypes Events { get; } =
        EventTypes.Of(typeof(ShipmentBooked), typeof(ShipmentRefused), typeof(ShipmentCancelled));

    public static Shipment Initial { get; } = new(ShipmentState.None);

    public Shipment Evolve(IEvent e) => e switch
    {
        ShipmentBooked => this with { State = ShipmentState.Booked },
        ShipmentRefused => this with { State = ShipmentState.Refused },
        ShipmentCancelled => this with { State = ShipmentState.Cancelled },
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(BookShipment command)
    {
        if (State != ShipmentState.None) return [Refused($"Shipment {command.ShipmentId} exists already.")];
        if (!Served.Contains(command.Address.Country)) return [Refused($"The country '{command.Address.Country}' is not served.")];
        return [new ShipmentBooked(command.ShipmentId, command.OrderId, command.Address)];

        ShipmentRefused Refused(string reason) => new(command.ShipmentId, command.OrderId, command.Address, reason);
    }

    public IReadOnlyList<IEvent> Decide(CancelShipment command) =>
        State == ShipmentState.Booked ? [new ShipmentCancelled(command.ShipmentId)] : [];
}
