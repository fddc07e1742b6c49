using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

/// <summary>A customer as it is shown.</summary>
public sealed record CustomerView(CustomerId CustomerId, PersonalText Name, PersonalText Email, bool Erased);

/// <summary>Every customer, by id.</summary>
public sealed class Customers : IProjection<Customer, CustomerView>
{
    public static string Name => "customers";

    public static CustomerView? Apply(CustomerView? row, RecordedEvent e) => e.Data switch
    {
        CustomerRegistered registered => new CustomerView(registered.CustomerId, registered.Name, registered.Email, false),
        CustomerErased erased => new CustomerView(erased.CustomerId, PersonalText.Erased, PersonalText.Erased, true),
        _ => row,
    };

    public static IReadOnlyDictionary<string, string> Columns(CustomerView row) => new Dictionary<string, string>();
}
