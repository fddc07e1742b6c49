using System.Diagnostics;
using Atomic.LocalHost.Runtime.Discovery;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Atomic.LocalHost.Runtime.Invocations;

/// <summary>One call of a function, as the function itself sees it.</summary>
internal sealed class Invocation(
    Function function, object trigger, IServiceProvider services, DurableTaskClient durableClient, CancellationToken cancellation) : FunctionContext
{
    // Where the worker's ASP.NET Core integration keeps the request, and Microsoft's GetHttpContext looks for it.
    private const string RequestKey = "HttpRequestContext";

    private readonly string _traceParent = Activity.Current?.Id ?? "";
    private readonly string _traceState = Activity.Current?.TraceStateString ?? "";
    private InvocationFeatures? _features;
    private IDictionary<object, object>? _items;
    private string? _id;

    /// <summary>What triggered it, as its kind of trigger knows it.</summary>
    public object Trigger { get; } = trigger;

    public DurableTaskClient DurableClient { get; } = durableClient;

    public override string InvocationId => _id ??= Guid.CreateVersion7().ToString();

    public override string FunctionId => FunctionDefinition.Id;

    public override FunctionDefinition FunctionDefinition => function.Description;

    public override CancellationToken CancellationToken { get; } = cancellation;

    public override IServiceProvider InstanceServices { get; set; } = services;

    public override IDictionary<object, object> Items
    {
        get => _items ??= Trigger is HttpContext request ? new Dictionary<object, object> { [RequestKey] = request } : [];
        set => _items = value;
    }

    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override RetryContext? RetryContext => null;

    public override TraceContext TraceContext => new Trace(_traceParent, _traceState);

    public override BindingContext BindingContext =>
        new Binding(Trigger is HttpContext request ? new Dictionary<string, object?>(request.Request.RouteValues) : []);

    private sealed class Trace(string parent, string state) : TraceContext
    {
        public override string TraceParent { get; } = parent;

        public override string TraceState { get; } = state;
    }

    private sealed class Binding(Dictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }
}
