using System.Reflection;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Settings;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.LocalHost.Runtime.Messages;

/// <summary>A function that messages are delivered to, one at a time or in batches.</summary>
public sealed record MessageFunction(Function Function, MessageSource Source, bool AutoComplete, bool IsSessionsEnabled, bool IsBatched)
{
    internal static MessageFunction? Read(
        FunctionMethod method, ServiceBusTriggerAttribute trigger, ServiceBusSettings settings, AppSettings appSettings, ICollection<string> problems)
    {
        var before = problems.Count;
        var source = MessageSource.Of(trigger, name => appSettings.Resolve(name, $"The trigger of function {method.Name}", problems));
        appSettings.RequireDevelopmentBus(trigger.Connection ?? "AzureWebJobsServiceBus", problems);
        var bindings = ParameterBindings.Of(method, parameter => Bind(method, parameter, trigger), problems);
        return problems.Count > before ? null : new MessageFunction(
            new Function(method, bindings), source, AutoCompleteOf(method, trigger, settings), trigger.IsSessionsEnabled, trigger.IsBatched);
    }

    // Said or not is not seen in the value of the attribute's property, so it is read as it was written.
    private static bool AutoCompleteOf(FunctionMethod method, ServiceBusTriggerAttribute trigger, ServiceBusSettings settings) =>
        method.TriggerParameter.GetCustomAttributesData().SelectMany(attribute => attribute.NamedArguments)
            .Any(argument => argument.MemberName == nameof(trigger.AutoCompleteMessages))
            ? trigger.AutoCompleteMessages
            : settings.AutoCompleteMessages;

    private static ParameterBinding? Bind(FunctionMethod method, ParameterInfo parameter, ServiceBusTriggerAttribute trigger)
    {
        if (parameter == method.TriggerParameter)
        {
            return trigger.IsBatched
                ? MessageBody.OfBatch(parameter.ParameterType) is { } batch ? invocation => batch(Delivered(invocation).Messages) : null
                : MessageBody.Of(parameter.ParameterType) is { } single ? invocation => single(Delivered(invocation).Messages[0]) : null;
        }

        return parameter.ParameterType switch
        {
            var type when type == typeof(ServiceBusMessageActions) => invocation => Delivered(invocation).Actions,
            var type when type == typeof(ServiceBusSessionMessageActions) && trigger.IsSessionsEnabled => invocation => Delivered(invocation).SessionActions,
            _ => null,
        };
    }

    private static Delivery Delivered(Invocation invocation) => (Delivery)invocation.Trigger;
}

/// <summary>The queue, or the topic with its subscription, that messages come from.</summary>
public sealed record MessageSource(string QueueOrTopic, string? Subscription)
{
    /// <summary>As Service Bus itself writes it.</summary>
    public string Path => Subscription is null ? QueueOrTopic : $"{QueueOrTopic}/Subscriptions/{Subscription}";

    internal static MessageSource Of(ServiceBusTriggerAttribute trigger, Func<string, string> resolve) => trigger.QueueName is { } queue
        ? new MessageSource(resolve(queue), null)
        : new MessageSource(resolve(trigger.TopicName!), resolve(trigger.SubscriptionName!));
}

/// <summary>What a function is called with.</summary>
internal sealed record Delivery(
    IReadOnlyList<ServiceBusReceivedMessage> Messages, MessageActions Actions, ServiceBusSessionMessageActions? SessionActions);
