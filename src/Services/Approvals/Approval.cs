using Atomic.EventSourcing;

namespace Atomic.Services.Approvals;

/// <summary>What a person decides about something that waits for it.</summary>
public sealed record Decide(bool Approved, string By, string? Comment);

public sealed record Approved(string By, string? Comment) : IEvent;

public sealed record Denied(string By, string? Comment) : IRefusal
{
    public string Reason => Comment is null ? $"Denied by {By}." : $"Denied by {By}: {Comment}";
}

/// <summary>One decision, made once. Its stream is named by what it is about; the barrier's record tells whether it was made or withdrawn.</summary>
public sealed record Approval(bool? Given) : IAggregate<Approval>
{
    public static string Category => "approvalsApproval";

    public static EventTypes Events { get; } = EventTypes.Of(typeof(Approved), typeof(Denied));

    public static Approval Initial { get; } = new((bool?)null);

    /// <summary>A command's key as a stream's id.</summary>
    public static string StreamOf(string commandKey) => commandKey.Replace(':', '~');

    public Approval Evolve(IEvent e) => e switch
    {
        Approvals.Approved => new Approval(true),
        Denied => new Approval(false),
        _ => this,
    };

    public static IReadOnlyList<IEvent> Decide(Decide command) =>
        command.Approved ? [new Approved(command.By, command.Comment)] : [new Denied(command.By, command.Comment)];
}
