using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Testing.Functions.App;

/// <summary>Functions that messages are delivered to session by session. The session is the subject of the journal.</summary>
public sealed class SessionFunctions(Journal journal)
{
    [Function(nameof(TakeOfSession))]
    public async Task TakeOfSession(
        [ServiceBusTrigger("by-session", Connection = MessageFunctions.Bus, IsSessionsEnabled = true)] ServiceBusReceivedMessage message,
        ServiceBusSessionMessageActions session)
    {
        var before = (await session.GetSessionStateAsync())?.ToString() ?? "";
        await session.SetSessionStateAsync(BinaryData.FromString(before + message.Body));
        if (message.Subject == "renew") await session.RenewSessionLockAsync();
        if (message.Subject == "release") await session.ReleaseSession();
        journal.Add(message.SessionId, $"{message.Body} after '{before}'{(session.SessionLockedUntil > message.EnqueuedTime ? "" : ", unlocked")}");
    }

    [Function(nameof(TakeBatchOfSession))]
    public void TakeBatchOfSession(
        [ServiceBusTrigger("batched-by-session", Connection = MessageFunctions.Bus, IsSessionsEnabled = true, IsBatched = true)] ServiceBusReceivedMessage[] messages)
    {
        var session = messages[0].SessionId;
        if (messages.Any(message => message.SessionId != session)) journal.Add(session, "mixed");
        foreach (var message in messages) journal.Add(session, message.Body.ToString());
    }
}
