using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Shop;

/// <summary>The README's commands do what the README says.</summary>
[Collection(RunningHost.Name)]
public sealed partial class The_readme(RunningHost host)
{
    [Fact]
    public async Task Places_an_order_that_succeeds_and_one_that_is_reverted_and_reads_rebuilds_and_erases()
    {
        var blocks = Blocks();
        var (run, fill, place, see, read) = (blocks[0], blocks[1], blocks[2], blocks[3], blocks[4]);
        Assert.Equal("dotnet run --project src/LocalHost\ndotnet test\n", run);

        Assert.Contains("token", await RunAsync(fill), StringComparison.Ordinal);
        await host.Shop.UntilAsync("/api/inventory/stock/tea", row => row.GetProperty("onHand").GetInt32() == 10);
        Assert.Contains("\"statusUrl\":", await RunAsync(place), StringComparison.Ordinal);
        await host.Shop.UntilAsync("/api/ordering/orders/o-1", order => order.GetProperty("state").GetString() == "Confirmed");
        await host.Shop.UntilAsync("/api/ordering/orders/o-2", order => order.GetProperty("state").GetString() == "Cancelled");
        await host.Shop.UntilAsync("/api/inventory/stock/tea", row => row.GetProperty("reserved").GetInt32() == 2);
        // A transaction ends after its last step has.
        await host.Shop.UntilAsync("/api/transactions?key=o-1", list => HasEnded(list, "Completed"));
        await host.Shop.UntilAsync("/api/transactions?key=o-2", list => HasEnded(list, "Compensated"));
        var seen = await RunAsync(see);
        Assert.All(
            ["\"state\":\"Completed\"", "\"state\":\"Compensated\"", "over its limit", "\"state\":\"Confirmed\"", "\"state\":\"Cancelled\"", "\"available\":8"],
            part => Assert.Contains(part, seen, StringComparison.Ordinal));
        var answers = await RunAsync(read);
        Assert.All(["\"onHand\":15", "\"stage\":\"Building\"", "orderingCustomer:ada!"], part => Assert.Contains(part, answers, StringComparison.Ordinal));
        await host.Shop.UntilAsync("/api/shipping/shipments/ship-o-1", shipment => shipment.GetProperty("address").GetProperty("street").GetString() == "[erased]");
    }

    [Fact]
    public async Task Shows_a_first_transaction_as_it_is_defined_and_reverts_it()
    {
        var definition = Repository.Read("src/Functions/Definitions/TransferMoney.cs");
        var shown = Table().Match(Repository.Read("README.md")).Groups["table"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, shown.Length);
        Assert.All(shown, line => Assert.Contains(line, definition, StringComparison.Ordinal));

        var started = await RunAsync(Blocks()[5]);
        var id = TransactionId().Match(started).Groups["id"].Value;
        await host.Shop.UntilAsync($"/api/transactions/{id}", found => found.GetProperty("state").GetString() == "Compensated");
        await host.Shop.UntilAsync("/api/streams/accounts/ada-1", stream => stream.GetProperty("state").GetProperty("balance").GetProperty("amount").GetDecimal() == 100);
    }

    private static bool HasEnded(JsonElement list, string state) =>
        list.GetProperty("items").EnumerateArray().Any(item => item.GetProperty("state").GetString() == state);

    private static List<string> Blocks() => [.. Commands().Matches(Repository.Read("README.md")).Select(block => block.Groups["commands"].Value)];

    private async Task<string> RunAsync(string commands)
    {
        var here = commands.Replace("http://127.0.0.1:7071", host.Host.Client.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-e", "-c", here]) { RedirectStandardOutput = true };
        using var bash = Process.Start(start)!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal(0, bash.ExitCode);
        return output;
    }

    [GeneratedRegex("```bash\n(?<commands>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();

    [GeneratedRegex("```csharp\n(?<table>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Table();

    [GeneratedRegex("/api/transactions/(?<id>[0-9a-f]{32})")]
    private static partial Regex TransactionId();
}
