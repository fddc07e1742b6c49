using Atomic.EventSourcing;

namespace Atomic.Services.Ordering;

/// <summary>The commands of Ordering, each on its aggregate.</summary>
public sealed class OrderingHandlers(CommandHandler commands, ISubjectKeys keys)
{
    public Task<Answer> HandleAsync(RegisterCustomer command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Customer>(command.CustomerId.Value, invocation, customer => customer.Decide(command), creates: true, cancellation);

    /// <summary>
    /// The key first: from then on nobody can read the customer's data, and those who keep copies are told to let go of them. Once only: a
    /// repetition must not take the key of one who has registered again since.
    /// </summary>
    public async Task<Answer> HandleAsync(EraseCustomer command, Invocation invocation, CancellationToken cancellation)
    {
        if (!invocation.OnlyRepeats && await commands.FindAsync<Customer>(command.CustomerId.Value, invocation, cancellation) is null)
            await keys.EraseAsync(command.CustomerId.Value, cancellation);
        return await commands.DoAsync<Customer>(
            command.CustomerId.Value, invocation, _ => Customer.Decide(command), creates: false, cancellation);
    }

    public Task<Answer> HandleAsync(CreateOrder command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Order>(command.OrderId.Value, invocation, order => order.Decide(command), creates: true, cancellation);

    public Task<Answer> HandleAsync(CancelOrder command, Invocation invocation, CancellationToken cancellation) =>
        commands.UndoAsync<Order>(command.OrderId.Value, invocation, order => order.Decide(command), cancellation);

    public Task<Answer> HandleAsync(ConfirmOrder command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Order>(command.OrderId.Value, invocation, order => order.Decide(command), creates: false, cancellation);

    public Task<Answer> HandleAsync(AcceptReturn command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Order>(command.OrderId.Value, invocation, order => order.Decide(command), creates: false, cancellation);

    public Task<Answer> HandleAsync(WithdrawReturn command, Invocation invocation, CancellationToken cancellation) =>
        commands.UndoAsync<Order>(command.OrderId.Value, invocation, order => order.Decide(command), cancellation);

    public Task<Answer> HandleAsync(CloseReturn command, Invocation invocation, CancellationToken cancellation) =>
        commands.DoAsync<Order>(command.OrderId.Value, invocation, order => order.Decide(command), creates: false, cancellation);
}
