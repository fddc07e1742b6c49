using Atomic.EventSourcing;

namespace Atomic.Services.Shipping;

/// <summary>The commands of Shipping, each on its aggregate.</summary>
public sealed class ShippingHandlers(CommandHandler commands)
{
    public Task<Answer> HandleAsync(BookShipment command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Shipment>(command.ShipmentId.Value, invocation, shipment => shipment.Decide(command), creates: true, cancellation);

    public Task<Answer> HandleAsync(CancelShipment command, Invocation invocation, CancellationToken cancellation) =>
        commands.UndoAsync<Shipment>(command.ShipmentId.Value, invocation, shipment => shipment.Decide(command), cancellation);
}
