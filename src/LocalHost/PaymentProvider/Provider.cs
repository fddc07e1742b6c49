using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.LocalHost.PaymentProvider;

/// <summary>
/// A payment provider as a service of its own, reached over the network as a real one would be: with idempotency keys, and with what goes
/// wrong chosen by the card (<see cref="TestCards"/>). It knows its authorizations for as long as it runs.
/// </summary>
public sealed class Provider : IAsyncDisposable
{
    private const string Route = "/authorizations/{key}";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _authorizations = [];
    private readonly HashSet<string> _surprised = [];
    private readonly WebApplication _app;
    private readonly TimeProvider _time;

    private Provider(WebApplication app, TimeProvider time)
    {
        (_app, _time) = (app, time);
        app.MapPut(Route, AuthorizeAsync);
        app.MapGet(Route, (string key) => Find(key) is { } held ? Results.Json(held) : Results.NotFound());
        app.MapDelete(Route, (string key) => Results.Json(Void(key)));
    }

    /// <summary>Where it answers, on loopback.</summary>
    public Uri Address => new($"{_app.Urls.First().TrimEnd('/')}/");

    /// <summary>How much is held under all keys together: what a test compares with what the shop believes.</summary>
    public decimal Total
    {
        get
        {
            lock (_gate) return _authorizations.Values.Where(held => held.State == "Authorized").Sum(held => held.Amount);
        }
    }

    public static async Task<Provider> StartAsync(TimeProvider time, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.AddRouting();
        var app = builder.Build();
        var provider = new Provider(app, time);
        await app.StartAsync(cancellation);
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AuthorizeAsync(string key, Asked asked, HttpContext context)
    {
        var card = TestCards.Of(asked.Card);
        var isFirst = IsFirst(key);
        if (card == TestCard.FailsFirst && isFirst) return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        var held = Authorize(key, asked, card);
        if (card == TestCard.Slow && isFirst) await Task.Delay(TestCards.Slowness, _time, context.RequestAborted);
        if (card == TestCard.NeverReplies || (card == TestCard.LosesFirstReply && isFirst)) context.Abort();
        return Results.Json(held);
    }

    private bool IsFirst(string key)
    {
        lock (_gate) return _surprised.Add(key);
    }

    private Held Authorize(string key, Asked asked, TestCard card)
    {
        lock (_gate)
        {
            if (_authorizations.TryGetValue(key, out var known))
                return known.State == "Voided" ? known with { Reason = "It was voided before it came." } : known;
            return _authorizations[key] = card == TestCard.Declined
                ? new Held("Declined", "The card's issuer declined it.", 0)
                : new Held("Authorized", null, asked.Amount.Amount);
        }
    }

    private Held? Find(string key)
    {
        lock (_gate) return _authorizations.GetValueOrDefault(key);
    }

    private Held Void(string key)
    {
        lock (_gate) return _authorizations[key] = new Held("Voided", null, 0);
    }

    private sealed record Asked(string Payment, string Card, Sum Amount);

    private sealed record Sum(decimal Amount, string Currency);

    private sealed record Held(string State, string? Reason, decimal Amount);
}
