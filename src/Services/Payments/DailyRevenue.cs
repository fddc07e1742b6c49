using System.Globalization;
using Atomic.EventSourcing;

namespace Atomic.Services.Payments;

/// <summary>A capture, which one event of one payment recorded.</summary>
public sealed record RevenueEntry(PaymentId PaymentId, Money Amount);

/// <summary>A day's revenue.</summary>
public sealed record RevenueDay(int Payments, IReadOnlyList<Money> Totals);

/// <summary>
/// What was captured on each day (UTC): a ledger with an entry an event, fed by the streams of all payments. An entry counts once, in
/// whatever order the entries come, and the day's own row does not grow with them.
/// </summary>
public sealed class DailyRevenue : IView<RevenueEntry, RevenueDay>
{
    public static string Name => "daily-revenue";

    public static IReadOnlyList<StreamSource> Sources { get; } = [StreamSource.Of<Payment>()];

    public static Place? PlaceOf(RecordedEvent e) => e.Data is PaymentCaptured
        ? Place.OfEvent(e.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), e)
        : null;

    public static RevenueEntry Apply(RevenueEntry? item, RecordedEvent e) =>
        e.Data is PaymentCaptured captured ? new RevenueEntry(captured.PaymentId, captured.Amount) : item!;

    public static RevenueDay Summarize(RevenueDay? summary, RevenueEntry? before, RevenueEntry after) =>
        new((summary?.Payments ?? 0) + 1, Sums.Add(summary?.Totals ?? [], after.Amount, 1));
}
