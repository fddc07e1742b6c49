using System.Reflection;
using Atomic.Functions.Choreography;
using Atomic.Functions.Control;
using Atomic.Functions.Participants;
using Atomic.Functions.Tracking;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Atomic.Unit.Architecture;

public sealed class Choreography_without_a_coordinator
{
    private static readonly Type[] App = Assembly.Load("Atomic.Functions").GetTypes();

    private static IEnumerable<Type> Hearing => App.Where(type => ChoreographyRules.HearingIn(type).Any());

    [Fact]
    public void Knows_neither_orchestrator_nor_tracker() =>
        Offenders.None("Nothing in coupling events may ask the orchestrator or the tracker:", ChoreographyRules.OfSources(SourceFile.In("src")));

    [Fact]
    public void Is_handed_neither_orchestrator_nor_tracker() =>
        Offenders.None("Nothing in coupling events may be handed the orchestrator or the tracker:",
            ChoreographyRules.OfDependencies([typeof(Choreographer), typeof(StepDelivery), typeof(CommitHandlers), .. Hearing], App));

    [Fact]
    public void Hears_without_the_engine_at_hand()
    {
        // Every participant hears facts, and those that its subscription has given up.
        Assert.True(Hearing.Count() >= House.Contexts.Length, $"{Hearing.Count()} classes hear.");
        Offenders.None("What hears a fact has no use for the engine:", ChoreographyRules.OfFunctions(Hearing));
    }

    [Theory]
    [InlineData("src/Functions/Choreography/A.cs", "using Atomic.Functions.Tracking;")]
    [InlineData("src/Functions/Participants/A.cs", "using Microsoft.DurableTask.Client;")]
    [InlineData("src/Functions/Choreography/A.cs", "using Reader = Atomic.Functions.Http.TransactionReader;")]
    [InlineData("src/Functions/Choreography/A.cs", "namespace Atomic.Functions.Choreography; class A(Tracking.ProgressKeeper progress);")]
    [InlineData("src/Functions/Participants/A.cs", "var all = Functions.Orchestration.Coupling.All;")]
    public void Is_not_what_knows_them(string path, string code) => Assert.Single(ChoreographyRules.OfSources([new(path, code)]));

    [Theory]
    [InlineData("src/Functions/Control/A.cs", "using Atomic.Functions.Tracking;")]
    [InlineData("src/Functions/Choreography/A.cs", "// Tracking.ProgressKeeper\nusing Atomic.Transactions;")]
    public void Is_what_does_not(string path, string code) => Assert.Empty(ChoreographyRules.OfSources([new(path, code)]));

    [Fact]
    public void Is_not_what_is_handed_them_by_way_of_another() => Assert.Equal(
        ["Asking > IAsked > Answering > ProgressKeeper", "Asking > IEnumerable`1 > DurableTaskClient"],
        ChoreographyRules.OfDependencies([typeof(Asking)], [typeof(Answering)])
            .Where(path => path.EndsWith(nameof(ProgressKeeper), StringComparison.Ordinal) || path.EndsWith(nameof(DurableTaskClient), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Is_not_what_hears_with_the_engine_at_hand() =>
        Assert.Equal("HearingWithEngine.HearSomething is given a DurableTaskClient", Assert.Single(ChoreographyRules.OfFunctions([typeof(HearingWithEngine)])));

    private interface IAsked;

#pragma warning disable CS9113 // What is planted is asked for, and never used.
    private sealed class Asking(IAsked asked, IEnumerable<DurableTaskClient> clients);

    private sealed class Answering(ProgressKeeper progress) : IAsked;
#pragma warning restore CS9113

    private sealed class HearingWithEngine
    {
        [Function(nameof(HearSomething))]
        public static Task<(ServiceBusReceivedMessage Message, DurableTaskClient Client)> HearSomething(
            [ServiceBusTrigger("events", "accounts-steps", Connection = "Bus")] ServiceBusReceivedMessage message, [DurableClient] DurableTaskClient client) =>
            Task.FromResult((message, client));
    }
}
