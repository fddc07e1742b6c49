using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Atomic.LocalHost.Runtime.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Atomic.LocalHost.Runtime.Invocations;

/// <summary>A function's definition as its own code can ask for it.</summary>
internal sealed class FunctionDescription(FunctionMethod method) : FunctionDefinition
{
    private readonly Lazy<ImmutableArray<FunctionParameter>> _parameters = new(() =>
        [.. method.Method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))]);

    private readonly Lazy<IImmutableDictionary<string, BindingMetadata>> _inputs = new(() => (
        from parameter in method.Method.GetParameters()
        from attribute in parameter.GetCustomAttributes<BindingAttribute>()
        select (BindingMetadata)new Input(parameter.Name!, attribute)).ToImmutableDictionary(binding => binding.Name));

    public override ImmutableArray<FunctionParameter> Parameters => _parameters.Value;

    public override string PathToAssembly { get; } = method.Method.DeclaringType!.Assembly.Location;

    public override string EntryPoint { get; } = $"{method.Method.DeclaringType!.FullName}.{method.Method.Name}";

    // The same in every process, as the worker's is.
    public override string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{method.Name}\n{method.Method}")))[..16];

    public override string Name { get; } = method.Name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings => _inputs.Value;

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings { get; } = ImmutableDictionary<string, BindingMetadata>.Empty;

    private sealed class Input(string name, BindingAttribute attribute) : BindingMetadata
    {
        public override string Name { get; } = name;

        // HttpTriggerAttribute is httpTrigger.
        public override string Type { get; } = attribute.GetType().Name is var type ? char.ToLowerInvariant(type[0]) + type[1..^nameof(Attribute).Length] : "";

        public override BindingDirection Direction => BindingDirection.In;
    }
}
