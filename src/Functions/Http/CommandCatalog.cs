using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Services.Inventory;
using Atomic.Services.Ordering;
using Atomic.Services.Payments;
using Atomic.Services.Travel;

namespace Atomic.Functions.Http;

/// <summary>A command that can be sent over HTTP: how its body is read and checked, and the stream it is for.</summary>
public sealed record CommandType(string Context, string Route, string Name, Func<ReadOnlyMemory<byte>, (StreamId Stream, object Command)> Read);

/// <summary>Every command that can be sent over HTTP.</summary>
public static class CommandCatalog
{
    public static IReadOnlyList<CommandType> All { get; } =
    [
        Command<AddStock>("inventory", "add-stock", c => new StreamId(StockItem.Category, c.Sku.Value), c =>
            [Checked("sku", c.Sku.Value), ("quantity", c.Quantity is < 1 or > 1_000_000 ? "must be 1 to 1000000." : null)]),
        Command<RegisterCard>("payments", "register-card", c => new StreamId(Card.Category, Card.StreamOf(c.Card)), c =>
            [Checked("card", c.Card.Value), .. Sum(c.Limit, "limit")]),
        Command<RegisterCustomer>("ordering", "register-customer", c => new StreamId(Customer.Category, c.CustomerId.Value), c =>
            [Checked("customerId", c.CustomerId.Value), Text("name", c.Name.Value), Text("email", c.Email.Value)]),
        Command<EraseCustomer>("ordering", "erase-customer", c => new StreamId(Customer.Category, c.CustomerId.Value), c =>
            [Checked("customerId", c.CustomerId.Value)]),
        Command<OpenAccount>("accounts", "open-account", c => new StreamId(Account.Category, c.Account.Value), c =>
            [Checked("account", c.Account.Value), .. Sum(c.Balance, "balance"), .. Sum(c.Limit, "limit")]),
        Command<OfferPlaces>("travel", "offer-places", c => new StreamId(Offer.Category, c.Code.Value), c =>
            [Checked("code", c.Code.Value), ("places", c.Places is < 1 or > 1_000_000 ? "must be 1 to 1000000." : null)]),
    ];

    public static CommandType? Find(string context, string route) =>
        All.FirstOrDefault(command => command.Context == context && command.Route == route);

    private static CommandType Command<TCommand>(
        string context, string route, Func<TCommand, StreamId> stream, Func<TCommand, IEnumerable<(string Field, string? Problem)>> check)
        where TCommand : notnull =>
        new(context, route, typeof(TCommand).Name, body =>
        {
            var command = ClosedJson.Read<TCommand>(body, c => check(c).Where(p => p.Problem is not null).Select(p => (p.Field, p.Problem!)));
            return (stream(command), command);
        });

    private static IEnumerable<(string Field, string? Problem)> Sum(Money money, string field) =>
        MoneyProblems.Of(money, field).Select(p => (p.Field, (string?)p.Problem));

    private static (string Field, string? Problem) Checked(string field, string id) => (field, Id.Problem(id));

    private static (string Field, string? Problem) Text(string field, string text) =>
        (field, string.IsNullOrWhiteSpace(text) || text.Length > 200 ? $"has {text.Length} characters and must have 1 to 200." : null);
}
