using System.Reflection;
using Atomic.Functions;
using Atomic.LocalHost.Runtime;
using Atomic.LocalHost.Runtime.Discovery;
using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Settings;
using Atomic.LocalHost.ServiceBus;
using Atomic.Testing;
using Xunit;

namespace Atomic.Unit.Runtime;

/// <summary>What a function asks for is honoured, or the start stops and names it.</summary>
public sealed class FunctionCatalogs
{
    [Fact]
    public void Read_TheFunctionApp_FindsEveryFunctionThatIsMarkedAsOne()
    {
        var catalog = FunctionCatalog.Read(
            typeof(FunctionApp).Assembly,
            HostSettings.Parse(Repository.Read("host.json")),
            AppSettings.Parse(AppSettings.Sample, Repository.Read(AppSettings.Sample)),
            MessageSources.Of(Topology.Read(Repository.PathOf("infra/service-bus.json"))));

        var marked = typeof(FunctionApp).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes().Any(attribute => attribute.GetType().Name == "FunctionAttribute")).Select(method => method.Name);
        Assert.Equal(marked.Order(StringComparer.Ordinal), catalog.All.Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.Contains(catalog.Http, function => function.Path == "/" && function.Function.Name == "GetDashboard");
    }

    [Theory]
    [InlineData(typeof(Planted.Without_a_trigger), "Function Go: it has 0 triggers and must have one.")]
    [InlineData(typeof(Planted.With_two_triggers), "Function Go: it has 2 triggers and must have one.")]
    [InlineData(typeof(Planted.With_a_name_that_is_none), "Function '1st': a name begins with a letter")]
    [InlineData(typeof(Planted.Twice_one_name), "There is more than one function Go: Twice_one_name.One, Twice_one_name.Two.")]
    [InlineData(typeof(Planted.With_an_unknown_attribute), "Function Go: [Unheard] is not honoured by the embedded host.")]
    [InlineData(typeof(Planted.With_an_unknown_binding), "Function Go: [Unheard] of the parameter other is not honoured by the embedded host.")]
    [InlineData(typeof(Planted.With_an_unknown_output), "Function Go: [return: Unheard] is not honoured by the embedded host.")]
    [InlineData(typeof(Planted.With_an_unknown_trigger), "Function Go: [UnheardTrigger] of the parameter trigger is not honoured by the embedded host.")]
    [InlineData(typeof(Planted.With_a_parameter_of_nobody), "Function Go: the embedded host cannot bind the parameter other of type Version.")]
    [InlineData(typeof(Planted.With_a_parameter_that_is_not_in_the_route), "cannot bind the parameter other of type String.")]
    [InlineData(typeof(Planted.With_another_kind_of_request), "Function Go: the embedded host cannot bind the parameter body of type String.")]
    [InlineData(typeof(Planted.With_another_kind_of_answer), "Function Go: it returns String; the embedded host answers with an IResult")]
    [InlineData(typeof(Planted.With_a_malformed_route), "Function Go: the route 'a/{b' is malformed")]
    [InlineData(typeof(Planted.With_a_reserved_route), "Function Go: the route 'admin/x' begins with what Azure's host keeps for itself")]
    [InlineData(typeof(Planted.Twice_one_route), "Functions One and Two both answer /a/{x}.")]
    [InlineData(typeof(Planted.With_a_malformed_schedule), "Function Go: the schedule 'hourly' is neither an NCRONTAB expression")]
    [InlineData(typeof(Planted.With_a_schedule_of_a_missing_setting), "The schedule of function Go says %Nowhere%, and local.settings.json has no value Nowhere.")]
    [InlineData(typeof(Planted.With_an_unknown_queue), "Function Go is triggered by nowhere, which is not in infra/service-bus.json.")]
    [InlineData(typeof(Planted.With_a_queue_without_sessions), "Function Go has IsSessionsEnabled = True, and queue has requiresSession = False")]
    [InlineData(typeof(Planted.With_session_actions_and_no_sessions), "cannot bind the parameter session of type ServiceBusSessionMessageActions.")]
    [InlineData(typeof(Planted.With_a_batch_of_one), "cannot bind the parameter message of type ServiceBusReceivedMessage.")]
    [InlineData(typeof(Planted.With_an_unknown_connection), "local.settings.json has no value Nowhere.")]
    [InlineData(typeof(Planted.With_a_client_in_an_orchestrator), "Function Go: an orchestrator cannot take a [DurableClient]")]
    [InlineData(typeof(Planted.With_another_task_hub), "A [DurableClient] of function Go names the task hub Other; the embedded host has one, Hub.")]
    [InlineData(typeof(Planted.Twice_one_activity), "Functions One and Two are both Same to the durable engine.")]
    public void Read_WhatCannotBeHonoured_IsRefusedByName(Type planted, string problem) =>
        Assert.Contains(problem, Assert.Throws<StartupException>(() => Read(planted)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_EverythingThatIsHonoured_IsRead()
    {
        var catalog = Read(typeof(Planted.With_all_that_is_honoured));

        Assert.Equal(
            ["Act", "Batch", "Conduct", "Get", "Message", "Session", "Tick"], catalog.All.Select(function => function.Name).Order(StringComparer.Ordinal));
        catalog.Compile();
    }

    [Fact]
    public void Read_AutoCompletion_IsTheTriggersWhereItSaysSoAndElseTheHosts()
    {
        var messages = Read(typeof(Planted.With_and_without_auto_completion)).Messages.ToDictionary(each => each.Function.Name, each => each.AutoComplete);

        Assert.Equal((true, false, false), (messages["Sets_true"], messages["Sets_false"], messages["Says_nothing"]));
    }

    [Fact]
    public void Read_ADisabledFunction_IsLeftOut()
    {
        var settings = AppSettings.Parse(AppSettings.File, """{ "Values": { "AzureWebJobs.One.Disabled": "true" } }""");

        var catalog = FunctionCatalog.Read([typeof(Planted.Twice_one_route)], Settings(), settings, Sources());

        Assert.Equal(["Two"], catalog.All.Select(function => function.Name));
    }

    private static FunctionCatalog Read(Type planted) => FunctionCatalog.Read(
        [planted], Settings(),
        AppSettings.Parse(AppSettings.File, """{ "Values": { "Bus": "UseDevelopmentEmulator=true", "Every": "0 */5 * * * *" } }"""),
        new Dictionary<string, bool> { ["queue"] = false, ["topic/Subscriptions/plain"] = false, ["sessions"] = true });

    private static HostSettings Settings() => HostSettings.Parse(
        """
        { "version": "2.0", "extensions": { "http": { "routePrefix": "" }, "serviceBus": { "autoCompleteMessages": false }, "durableTask": { "hubName": "Hub" } } }
        """);

    private static Dictionary<string, bool> Sources(params string[] paths) => paths.ToDictionary(path => path, _ => false);
}
