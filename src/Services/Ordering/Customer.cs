using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

public sealed record RegisterCustomer(CustomerId CustomerId, string Name, string Email);

public sealed record CustomerRegistered(CustomerId CustomerId, string Name, string Email) : IEvent;

/// <summary>A customer. Registering again with the same data is nothing new; with other data it replaces them.</summary>
public sealed record Customer(string? Name, string? Email) : IAggregate<Customer>
{
    public static string Category => "orderingCustomer";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(CustomerRegistered));

    public static Customer Initial { get; } = new(null, null);

    public Customer Evolve(IEvent e) => e switch
    {
        CustomerRegistered registered => new Customer(registered.Name, registered.Email),
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(RegisterCustomer command) => this == new Customer(command.Name, command.Email)
        ? []
        : [new CustomerRegistered(command.CustomerId, command.Name, command.Email)];
}
