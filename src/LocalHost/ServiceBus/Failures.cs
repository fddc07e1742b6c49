using Azure.Messaging.ServiceBus;

namespace Atomic.LocalHost.ServiceBus;

/// <summary>What goes wrong in Azure, with the reasons that Azure gives. Whether one is transient follows from its reason.</summary>
internal static class Failures
{
    public static ServiceBusException EntityNotFound(string path) =>
        new($"The messaging entity '{path}' could not be found.", ServiceBusFailureReason.MessagingEntityNotFound, path);

    public static ServiceBusException MessageLockLost(string path) => new(
        "The lock supplied is invalid. Either the lock expired, or the message has already been settled.",
        ServiceBusFailureReason.MessageLockLost,
        path);

    public static ServiceBusException MessageNotFound(string path, long sequence) =>
        new($"There is no such message with the sequence number {sequence}.", ServiceBusFailureReason.MessageNotFound, path);

    public static ServiceBusException MessageSizeExceeded(string path, long size, long limit) => new(
        $"What is sent has {size} bytes, which is more than the limit of {limit}.", ServiceBusFailureReason.MessageSizeExceeded, path);

    public static ServiceBusException SessionLockLost(string path, string session) => new(
        $"The lock on the session '{session}' has expired. Accept the session again.", ServiceBusFailureReason.SessionLockLost, path);

    public static ServiceBusException SessionCannotBeLocked(string path, string session) =>
        new($"The session '{session}' is locked by another receiver.", ServiceBusFailureReason.SessionCannotBeLocked, path);

    public static ServiceBusException NoSession(string path) =>
        new("No session became available in time.", ServiceBusFailureReason.ServiceTimeout, path);

    public static ServiceBusException NotWritten(Exception inner) => new(
        "The broker could not write its file, so nothing of this has happened.",
        ServiceBusFailureReason.ServiceCommunicationProblem,
        innerException: inner);

    public static InvalidOperationException SessionRequired(string path) =>
        new($"'{path}' requires sessions: it cannot be received from without one.");

    public static InvalidOperationException SessionNotSupported(string path) =>
        new($"'{path}' does not require sessions: none can be accepted on it.");

    public static InvalidOperationException SessionIdMissing(string path) =>
        new($"The SessionId was not set on a message, and '{path}' requires sessions.");
}
