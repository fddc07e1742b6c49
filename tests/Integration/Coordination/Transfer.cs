using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Http;
using Atomic.Services.Accounts;
using Atomic.Transactions;
using Atomic.Verification.Simulation;

namespace Atomic.Integration.Coordination;

/// <summary>A transfer of 30 between two accounts with 100 each.</summary>
/// <param name="Definition">The one that carries it out.</param>
internal sealed record Transfer(CoordinatedHost Host, string Coupling, string Number, string Definition = "transfer-money")
{
    public string Id => CoordinatedHost.IdOf(Definition, Number);

    public string Url => $"/api/transactions/{Id}";

    public IReadOnlyList<LedgerEntry> Ledger => Host.Store.LedgerOf(Id);

    public static async Task<Transfer> NewAsync(CoordinatedHost host, string coupling, string definition = "transfer-money")
    {
        var transfer = new Transfer(host, coupling, Guid.NewGuid().ToString("N")[..12], definition);
        await Sample.OpenAsync(host, transfer.Number);
        return transfer;
    }

    public string KeyOf(string step) => $"{Id}:{step}";

    /// <summary>Starts it so that its pivot is refused and its withdrawal cannot be returned.</summary>
    public ScriptedEventStore.Entry IsNeverUndone()
    {
        Host.Store.On(KeyOf("deposit"), RecordState.None, RecordState.Done, Mishap.RefusesUntold, times: 1);
        var undo = Host.Store.On(KeyOf("withdraw"), RecordState.Done, RecordState.Undone, Mishap.FailsBefore);
        StartAsync().GetAwaiter().GetResult();
        return undo;
    }

    public Task<TransactionView> StartAsync() => Host.StartAsync(Definition, Coupling, Sample.Transfer(Number), Number);

    public void Heal(string step) => Host.Store.Forget(KeyOf(step));

    public Task RetryAsync(string step) => Host.AcceptedAsync($"{Url}/steps/{step}/retry", new { by = "ann", why = "its cause is gone" });

    public Task<TransactionView> UntilAsync(Func<TransactionView, bool> expected) => Host.UntilAsync(Id, expected);

    public Task<TransactionView> UntilAsync(TransactionState state) => UntilAsync(found => found.State == state);

    public Task<TransactionView> UntilAsync(string step, StepState state) =>
        UntilAsync(found => found.Steps.Single(one => one.Name == step).State == state);

    public Task<TransactionView> ParkedAsync(string step) => UntilAsync(found =>
        found.State == TransactionState.NeedsAttention && found.Steps.Single(one => one.Name == step).State == StepState.Parked);

    public Task<decimal> BalanceAsync() => BalanceAsync("a");

    /// <param name="account"><c>a</c>, from which it goes, or <c>b</c>.</param>
    public async Task<decimal> BalanceAsync(string account) =>
        (await Host.Store.LoadAsync<Account>($"{account}-{Number}", likelyNew: false, default)).State.Balance!.Amount;

    /// <summary>What is recorded of who asked for it.</summary>
    public async Task<Audited> AuditAsync(string type)
    {
        var e = (await AuditAsync()).Single(e => e.GetProperty("type").GetString() == type);
        return new Audited(e.GetProperty("at").GetDateTimeOffset(), e.GetProperty("data"));
    }

    /// <summary>All that is recorded of the transaction itself.</summary>
    public async Task<IReadOnlyList<JsonElement>> AuditAsync()
    {
        using var answer = await Host.Client.GetAsync(new Uri($"/api/streams/transactions/{Id}", UriKind.Relative));
        if (answer.StatusCode == System.Net.HttpStatusCode.NotFound) return [];
        var stream = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        return [.. stream.GetProperty("events").EnumerateArray()];
    }
}

/// <summary>What somebody asked for by hand.</summary>
internal sealed record Audited(DateTimeOffset At, JsonElement Data)
{
    public string? By => Data.GetProperty("by").GetString();

    public string? Why => Data.GetProperty("why").GetString();

    public string? Step => Data.GetProperty("step").GetString();
}
