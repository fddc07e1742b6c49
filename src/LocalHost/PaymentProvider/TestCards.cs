namespace Atomic.LocalHost.PaymentProvider;

/// <summary>What the provider does with a card.</summary>
internal enum TestCard
{
    Good,
    Declined,

    /// <summary>The first call for a key fails without effect.</summary>
    FailsFirst,

    /// <summary>The first call for a key has its effect, and its connection is cut.</summary>
    LosesFirstReply,

    /// <summary>Every call has its effect, and its connection is cut.</summary>
    NeverReplies,

    /// <summary>The first call for a key has its effect, and its answer takes longer than anybody waits.</summary>
    Slow,
}

/// <summary>Cards by their last four digits; any other is good.</summary>
internal static class TestCards
{
    public static readonly TimeSpan Slowness = TimeSpan.FromSeconds(10);

    public static TestCard Of(string card) => card.Length < 4 ? TestCard.Good : card[^4..] switch
    {
        "0002" => TestCard.Declined,
        "0119" => TestCard.FailsFirst,
        "0127" => TestCard.LosesFirstReply,
        "0135" => TestCard.NeverReplies,
        "0143" => TestCard.Slow,
        _ => TestCard.Good,
    };
}
