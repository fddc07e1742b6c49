using System.Globalization;
using Atomic.Transactions.Costs;
using Microsoft.Extensions.Configuration;

namespace Atomic.Functions.Costs;

/// <summary>
/// What a million of each operation costs. The defaults are list prices in US dollars, West Europe, of November 2025, without free grants
/// and tiers: assumptions, to be set to what a subscription really pays. Settings of the group <c>Prices</c>, as in
/// <c>Prices__busOperations</c>, from 0 to 1,000,000.
/// </summary>
public sealed record PriceList
{
    private const decimal Million = 1_000_000;

    private static readonly IReadOnlyDictionary<string, Func<PriceList, decimal, PriceList>> Names = new Dictionary<string, Func<PriceList, decimal, PriceList>>
    {
        ["tableRequests"] = (list, price) => list with { TableRequests = price },
        ["queueRequests"] = (list, price) => list with { QueueRequests = price },
        ["busOperations"] = (list, price) => list with { BusOperations = price },
        ["executions"] = (list, price) => list with { Executions = price },
        ["gigabyteSeconds"] = (list, price) => list with { GigabyteSeconds = price },
        ["gigabyteSecondsOfExecution"] = (list, amount) => list with { GigabyteSecondsOfExecution = amount },
    };

    /// <summary><c>Prices__currency</c>: three letters of ISO 4217.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Requests to Table Storage, locally redundant: 0.00036 for 10,000. A transaction of rows is one.</summary>
    public decimal TableRequests { get; init; } = 0.036m;

    /// <summary>Requests to Queue Storage of a general-purpose v2 account, by which the durable engine works: 0.004 for 10,000.</summary>
    public decimal QueueRequests { get; init; } = 0.4m;

    /// <summary>Operations of Service Bus Standard beyond the 13 million that its base price holds.</summary>
    public decimal BusOperations { get; init; } = 0.8m;

    /// <summary>Executions of functions, Flex Consumption, on demand.</summary>
    public decimal Executions { get; init; } = 0.4m;

    /// <summary>Gigabyte-seconds of Flex Consumption, on demand: 0.000026 each.</summary>
    public decimal GigabyteSeconds { get; init; } = 26m;

    /// <summary>
    /// What one execution takes of an instance, in gigabyte-seconds. An instance is billed for its 2 GB while it works, for a second at least, whatever
    /// runs on it meanwhile: an execution alone takes 2, one of ten in the same second 0.2.
    /// </summary>
    public decimal GigabyteSecondsOfExecution { get; init; } = 0.2m;

    /// <summary>The prices that are set, and for what is not the defaults.</summary>
    /// <param name="problems">Told what is wrong, each with the setting's name.</param>
    public static PriceList Read(IConfiguration settings, List<string> problems)
    {
        var list = new PriceList();
        foreach (var (name, text) in settings.GetSection("Prices").GetChildren().Select(child => (child.Key, child.Value)))
        {
            if (name.Equals("currency", StringComparison.OrdinalIgnoreCase))
            {
                if (text is { Length: 3 } && text.All(char.IsAsciiLetterUpper)) list = list with { Currency = text };
                else problems.Add($"Prices__currency is '{text}', and must be a currency of ISO 4217, as in EUR.");
            }
            else if (Names.FirstOrDefault(known => known.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is not { } set)
            {
                problems.Add($"Prices__{name} is no price; there are: {string.Join(", ", Names.Keys.Append("currency"))}.");
            }
            else if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price is >= 0 and <= Million)
            {
                list = set(list, price);
            }
            else
            {
                problems.Add($"Prices__{name} is '{text}', and must be a number from 0 to 1000000, as in 0.8.");
            }
        }

        return list;
    }

    public Price Of(Usage used)
    {
        var executions = used.Executions * (Executions + (GigabyteSecondsOfExecution * GigabyteSeconds)) / Million;
        var storage = used.Requests * TableRequests / Million;
        var engine = ((used.EngineQueueOperations * QueueRequests) + (used.EngineTableOperations * TableRequests)) / Million;
        var bus = used.BusOperations * BusOperations / Million;
        return new Price(executions + storage + engine + bus, Currency, executions, storage, engine, bus);
    }
}

/// <summary>A sum and what it is made of: executions of functions, requests to the event store and who watches, the durable engine, the broker.</summary>
public sealed record Price(decimal Amount, string Currency, decimal Executions, decimal Storage, decimal Engine, decimal Bus);
