using System.Collections.Concurrent;
using Atomic.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Atomic.Testing.Hosting;

/// <summary>Counts requests to storage by the function in which they are made: registered before every function, and as what sends the requests.</summary>
public sealed class RequestsByFunction() : DelegatingHandler(new SocketsHttpHandler { UseCookies = false }), IFunctionsWorkerMiddleware
{
    private const string Projections = "Project";

    // What asks about transactions, and what runs by the clock, does so whatever runs.
    private static readonly Type[] Apart = [typeof(HttpTriggerAttribute), typeof(TimerTriggerAttribute)];

    private readonly AsyncLocal<string?> _function = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    private static readonly HashSet<string> OfTimers = typeof(FunctionApp).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters().Any(parameter => parameter.IsDefined(typeof(TimerTriggerAttribute), inherit: false)))
        .Select(method => method.Name)
        .ToHashSet();

    private static readonly HashSet<string> OfTransactions = typeof(FunctionApp).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false)
            && !method.GetParameters().Any(parameter => Apart.Any(trigger => parameter.IsDefined(trigger, inherit: false))))
        .Select(method => method.Name)
        .Where(name => !name.StartsWith(Projections, StringComparison.Ordinal))
        .ToHashSet();

    /// <summary>Has no function run by the clock: those look after whatever others have left in storage, and make good what is wrong with it.</summary>
    public bool WithoutTimers { get; init; }

    public int Total => _counts.Values.Sum();

    /// <summary>Those that transactions make: of their steps, and of who watches them. Projections, questions and timers make others.</summary>
    public int OfTransaction => _counts.Where(count => OfTransactions.Contains(count.Key)).Sum(count => count.Value);

    /// <summary>Those that are made whatever runs, since their time has come.</summary>
    public int ByTheClock => _counts.Where(count => OfTimers.Contains(count.Key)).Sum(count => count.Value);

    public void Clear() => _counts.Clear();

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        _function.Value = context.FunctionDefinition.Name;
        return WithoutTimers && OfTimers.Contains(context.FunctionDefinition.Name) ? Task.CompletedTask : next(context);
    }

    public override string ToString() =>
        string.Join(", ", _counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} in {count.Key}"));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _counts.AddOrUpdate(_function.Value ?? "no function", 1, (_, count) => count + 1);
        return base.SendAsync(request, cancellationToken);
    }
}
