using Atomic.EventSourcing;
using Atomic.Functions.Definitions;
using Atomic.Functions.Orchestration;
using Atomic.Verification.Faults;
using Microsoft.Extensions.DependencyInjection;

namespace Atomic.Verification;

/// <summary>What a verification covers, and in which order it lets things happen.</summary>
public sealed record VerificationOptions
{
    /// <summary>By default all three.</summary>
    public IReadOnlyList<string> Couplings { get; init; } = Coupling.All;

    /// <summary>Chooses what happens next where several things can; by default what has waited longest does.</summary>
    public int? Seed { get; init; }

    /// <summary>Only the fault of this name; by default every single one.</summary>
    public string? Fault { get; init; }

    /// <summary>Told from time to time how many of how many runs have been made.</summary>
    public Action<int, int> Progress { get; init; } = (_, _) => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Only faults of these kinds; by default of all.</summary>
    public IReadOnlyList<FaultClass> Kinds { get; init; } = Enum.GetValues<FaultClass>();

    internal Variant Variant { get; init; } = new();
}

/// <summary>The app with a part of it replaced: by one that is wrong, to see that it is found.</summary>
internal sealed record Variant
{
    public Func<IEventStore, IEventStore> Storage { get; init; } = store => store;

    public Around Participants { get; init; } = (moment, carryOut) => carryOut(moment.Invocation);

    /// <summary>The definitions as every run needs them, and whatever else is replaced.</summary>
    public Action<IServiceCollection, IReadOnlyList<TransactionType>> Register { get; init; } =
        (services, types) => services.AddSingleton<IEnumerable<TransactionType>>(types);
}
