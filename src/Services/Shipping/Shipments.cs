using Atomic.EventSourcing;

namespace Atomic.Services.Shipping;

/// <summary>A shipment as it is shown.</summary>
public sealed record ShipmentView(ShipmentId ShipmentId, OrderId OrderId, ShipmentState State, Address Address, string? Reason);

/// <summary>Every shipment, by id; listed by order and state.</summary>
public sealed class Shipments : IProjection<Shipment, ShipmentView>, IScrubbed<ShipmentView>
{
    public static string Name => "shipments";

    public static ShipmentView? Apply(ShipmentView? row, RecordedEvent e) => e.Data switch
    {
        ShipmentBooked s => new ShipmentView(s.ShipmentId, s.OrderId, ShipmentState.Booked, s.Address, null),
        ShipmentRefused s => row ?? new ShipmentView(s.ShipmentId, s.OrderId, ShipmentState.Refused, s.Address, s.Reason),
        ShipmentCancelled => row! with { State = ShipmentState.Cancelled },
        _ => row,
    };

    public static IReadOnlyDictionary<string, string> Columns(ShipmentView row) => new Dictionary<string, string>
    {
        ["OrderId"] = row.OrderId.Value,
        ["State"] = row.State.ToString(),
        [IScrubbed<ShipmentView>.Column] = row.Address.Name.Subject ?? "",
    };

    public static ShipmentView Scrub(ShipmentView row) => row with { Address = row.Address.Erase() };
}
