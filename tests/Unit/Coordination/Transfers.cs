using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Http;
using Atomic.Functions.Participants;
using Atomic.Services;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Unit.Coordination;

/// <summary>Transfers of 30 between two accounts with 100 each, by a definition of the test's own.</summary>
internal static class Transfers
{
    /// <param name="around">Stands before the participants.</param>
    public static SimulatedApp Open(
        Definition definition, IFaults? faults = null, decimal balance = 100,
        Func<ParticipantCall, Func<Invocation, Task<Answer>>, Task<Answer>>? around = null, Scheduler? scheduler = null)
    {
        IEnumerable<TransactionType> types = [TransactionType.Of<TransferMoney>(definition, input => input.Problems())];
        var app = new SimulatedApp(scheduler, faults, services =>
        {
            services.AddSingleton(types);
            if (around is not null)
                services.AddSingleton(provider => new ParticipantDirectory(provider.GetServices<Participant>().Select(one => one.Through(around))));
        });
        foreach (var (account, amount) in new[] { ("a", balance), ("b", 100m) })
            app.Seed("accounts", new OpenAccount(new AccountId(account), new Money(amount, "EUR"), new Money(50, "EUR")));
        return app;
    }

    public static string Start(SimulatedApp app, Definition definition, string coupling) => app.Start(definition.Name, coupling, Input(from: "a"));

    public static TransferMoney Input(string from) => new(new AccountId(from), new AccountId("b"), new Money(30, "EUR"));

    public static (decimal A, decimal B) Balances(SimulatedApp app) => (BalanceOf(app, "a"), BalanceOf(app, "b"));

    /// <summary>Lets what is due within minutes happen.</summary>
    public static TransactionView After(SimulatedApp app, string id, double minutes = 0.5)
    {
        app.Scheduler.RunFor(TimeSpan.FromMinutes(minutes));
        return app.Find(id);
    }

    private static decimal BalanceOf(SimulatedApp app, string account) => app.Store.StateOf<Account>(account).Balance!.Amount;
}
