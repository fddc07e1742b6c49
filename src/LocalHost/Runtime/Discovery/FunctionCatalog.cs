using System.Reflection;
using Atomic.LocalHost.Runtime.Http;
using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Orchestrations;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.LocalHost.Runtime.Timers;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.LocalHost.Runtime.Discovery;

/// <summary>The functions of an assembly by their triggers, each with all that it asks for honoured.</summary>
public sealed class FunctionCatalog
{
    private readonly List<HttpFunction> _http = [];
    private readonly List<TimerFunction> _timers = [];
    private readonly List<MessageFunction> _messages = [];
    private readonly List<DurableFunction> _orchestrators = [];
    private readonly List<DurableFunction> _activities = [];

    private FunctionCatalog()
    {
    }

    public IReadOnlyList<HttpFunction> Http => _http;

    public IReadOnlyList<TimerFunction> Timers => _timers;

    public IReadOnlyList<MessageFunction> Messages => _messages;

    public IReadOnlyList<DurableFunction> Orchestrators => _orchestrators;

    public IReadOnlyList<DurableFunction> Activities => _activities;

    public IEnumerable<Function> All =>
    [
        .. _http.Select(each => each.Function), .. _timers.Select(each => each.Function), .. _messages.Select(each => each.Function),
        .. _orchestrators.Select(each => each.Function), .. _activities.Select(each => each.Function),
    ];

    /// <summary>The functions of an assembly's public classes.</summary>
    /// <inheritdoc cref="Read(IEnumerable{Type}, HostSettings, AppSettings, IReadOnlyDictionary{string, bool})"/>
    public static FunctionCatalog Read(
        Assembly assembly, HostSettings settings, AppSettings appSettings, IReadOnlyDictionary<string, bool> requiresSession) =>
        Read(assembly.GetExportedTypes(), settings, appSettings, requiresSession);

    /// <param name="requiresSession">By the path of each queue and subscription that exists, whether its messages belong to sessions.</param>
    /// <exception cref="StartupException">Everything in a function that the embedded host does not honour, or that is not there.</exception>
    public static FunctionCatalog Read(
        IEnumerable<Type> classes, HostSettings settings, AppSettings appSettings, IReadOnlyDictionary<string, bool> requiresSession)
    {
        var problems = new List<string>();
        var catalog = new FunctionCatalog();
        foreach (var method in FunctionMethod.In(classes, problems).Where(method => !appSettings.IsDisabled(method.Name)))
        {
            catalog.Add(method, settings, appSettings, problems);
            problems.AddRange(DurableClientProblems(method, settings, appSettings));
        }

        problems.AddRange(catalog.RouteProblems());
        problems.AddRange(catalog.SourceProblems(requiresSession));
        problems.AddRange(NameProblems(catalog._orchestrators).Concat(NameProblems(catalog._activities)));
        return problems.Count == 0 ? catalog : throw new StartupException([.. problems.Distinct()]);
    }

    /// <summary>Compiles every call now, rather than each upon its first.</summary>
    public void Compile()
    {
        foreach (var function in All) function.Compile();
    }

    private void Add(FunctionMethod method, HostSettings settings, AppSettings appSettings, List<string> problems)
    {
        switch (method.Trigger)
        {
            case HttpTriggerAttribute http: AddTo(_http, HttpFunction.Read(method, http, settings.Http.RoutePrefix, problems)); break;
            case TimerTriggerAttribute timer: AddTo(_timers, TimerFunction.Read(method, timer, appSettings, problems)); break;
            case ServiceBusTriggerAttribute bus: AddTo(_messages, MessageFunction.Read(method, bus, settings.ServiceBus, appSettings, problems)); break;
            case OrchestrationTriggerAttribute orchestration: AddTo(_orchestrators, DurableFunction.Read(method, orchestration, problems)); break;
            case ActivityTriggerAttribute activity: AddTo(_activities, DurableFunction.Read(method, activity, problems)); break;
            default: problems.Add($"Function {method.Name}: its trigger {method.Trigger.GetType().Name} is not honoured by the embedded host."); break;
        }
    }

    private IEnumerable<string> RouteProblems() =>
        from one in _http
        from other in _http
        where string.CompareOrdinal(one.Function.Name, other.Function.Name) < 0 && one.Overlaps(other)
        select $"Functions {one.Function.Name} and {other.Function.Name} both answer {one.Path}.";

    private IEnumerable<string> SourceProblems(IReadOnlyDictionary<string, bool> requiresSession)
    {
        foreach (var function in _messages)
        {
            if (!requiresSession.TryGetValue(function.Source.Path, out var sessions))
            {
                yield return $"Function {function.Function.Name} is triggered by {function.Source.Path}, which is not in infra/service-bus.json.";
            }
            else if (sessions != function.IsSessionsEnabled)
            {
                yield return $"Function {function.Function.Name} has IsSessionsEnabled = {function.IsSessionsEnabled}, and {function.Source.Path} has "
                    + $"requiresSession = {sessions} in infra/service-bus.json.";
            }
        }
    }

    private static IEnumerable<string> NameProblems(IEnumerable<DurableFunction> functions) =>
        from repeated in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase)
        where repeated.Count() > 1
        select $"Functions {string.Join(" and ", repeated.Select(function => function.Function.Name))} are both {repeated.Key} to the durable engine.";

    private static List<string> DurableClientProblems(FunctionMethod method, HostSettings settings, AppSettings appSettings)
    {
        var problems = new List<string>();
        var where = $"A [DurableClient] of function {method.Name}";
        foreach (var client in method.Method.GetParameters().Select(parameter => parameter.GetCustomAttribute<DurableClientAttribute>()).OfType<DurableClientAttribute>())
        {
            var hub = appSettings.Resolve(settings.DurableTask.HubName, "extensions.durableTask.hubName", problems);
            if (client.TaskHub is { } other && appSettings.Resolve(other, where, problems) != hub)
                problems.Add($"{where} names the task hub {other}; the embedded host has one, {hub}.");
            if (client.ConnectionName is { } connection) appSettings.RequireDevelopmentStorage(connection, problems);
        }

        return problems;
    }

    private static void AddTo<TFunction>(List<TFunction> functions, TFunction? function) where TFunction : class
    {
        if (function is not null) functions.Add(function);
    }
}
