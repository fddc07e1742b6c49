using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

public sealed record RegisterCustomer(CustomerId CustomerId, PersonalText Name, PersonalText Email) : IPersonal
{
    string IPersonal.Subject => CustomerId.Value;
}

public sealed record EraseCustomer(CustomerId CustomerId);

/// <summary>A notification: a customer's data stay where they are needed.</summary>
public sealed record CustomerRegistered(CustomerId CustomerId, PersonalText Name, PersonalText Email) : INotification;

/// <summary>The customer's data cannot be read any more; whoever keeps copies lets go of them.</summary>
public sealed record CustomerErased(CustomerId CustomerId) : IEvent;

/// <summary>A customer. Registering again with the same data is nothing new; with other data it replaces them.</summary>
public sealed record Customer(PersonalText? Name, PersonalText? Email) : IAggregate<Customer>
{
    public static string Category => "orderingCustomer";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(CustomerRegistered), typeof(CustomerErased));

    public static Customer Initial { get; } = new(null, null);

    public Customer Evolve(IEvent e) => e switch
    {
        CustomerRegistered registered => new Customer(registered.Name, registered.Email),
        CustomerErased => Initial,
        _ => this,
    };

    public IReadOnlyList<IEvent> Decide(RegisterCustomer command) => this == new Customer(command.Name, command.Email)
        ? []
        : [new CustomerRegistered(command.CustomerId, command.Name, command.Email)];

    // Also of one who never registered: orders may carry sealed texts of theirs.
    public static IReadOnlyList<IEvent> Decide(EraseCustomer command) => [new CustomerErased(command.CustomerId)];
}
