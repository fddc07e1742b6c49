using Azure.Messaging.ServiceBus;
using Xunit;

namespace Atomic.Testing.Functions;

/// <summary>What holds for Service Bus triggers with sessions on every Functions host.</summary>
public abstract class SessionTriggerConformance(IFunctionsUnderTest functions)
{
    [Fact]
    public async Task Messages_of_a_session_come_in_order_and_share_its_state()
    {
        var sessions = Enumerable.Range(0, 3).Select(_ => FunctionsUnderTest.NewSubject()).ToList();

        await SendAsync("by-session", from body in new[] { "a", "b", "c" } from session in sessions select (session, body, "take"));

        foreach (var session in sessions)
            Assert.Equal(["a after ''", "b after 'a'", "c after 'ab'"], await functions.JournalUntilAsync(session, entries: 3));
    }

    [Theory]
    [InlineData("renew")]
    [InlineData("release")]
    public async Task A_function_renews_or_releases_its_session(string act)
    {
        var session = FunctionsUnderTest.NewSubject();

        await SendAsync("by-session", [(session, "a", act), (session, "b", act)]);

        Assert.Equal(["a after ''", "b after 'a'"], await functions.JournalUntilAsync(session, entries: 2));
    }

    [Fact]
    public async Task A_batch_is_of_one_session_in_order()
    {
        var sessions = Enumerable.Range(0, 3).Select(_ => FunctionsUnderTest.NewSubject()).ToList();

        await SendAsync("batched-by-session", from body in new[] { "a", "b", "c" } from session in sessions select (session, body, "take"));

        foreach (var session in sessions) Assert.Equal(["a", "b", "c"], await functions.JournalUntilAsync(session, entries: 3));
    }

    private async Task SendAsync(string queue, IEnumerable<(string Session, string Body, string Act)> messages)
    {
        await using var sender = functions.Bus.CreateSender(queue);
        foreach (var (session, body, act) in messages) await sender.SendMessageAsync(new ServiceBusMessage(body) { SessionId = session, Subject = act });
    }
}
