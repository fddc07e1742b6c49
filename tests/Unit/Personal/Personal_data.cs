using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Personal;
using Atomic.Services;
using Atomic.Services.Ordering;
using Atomic.Services.Shipping;
using Atomic.Verification.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Atomic.Unit.Personal;

public sealed class Personal_data
{
    private static readonly RegisterCustomer Ada = new(new CustomerId("c-1"), "Ada Lovelace", "ada@example.org");

    private readonly InMemorySubjectKeys _keys = new();
    private readonly FakeTimeProvider _time = new();
    private readonly PersonalData _personal;

    public Personal_data() => _personal = new PersonalData(_keys, _time);

    [Fact]
    public async Task Are_sealed_when_they_come_in_and_opened_when_they_go_out()
    {
        var sealedCommand = await _personal.SealAsync(Ada, default);
        var stored = sealedCommand.Deserialize<RegisterCustomer>(StorageJson.Options)!;

        Assert.DoesNotContain("Ada", sealedCommand.GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("c-1", "c-1"), (sealedCommand.GetProperty("customerId").GetString(), stored.Name.Subject));
        Assert.Equal("""{"customerId":"c-1","name":"Ada Lovelace","email":"ada@example.org"}""", (await _personal.OpenAsync(stored, default)).GetRawText());
    }

    [Fact]
    public async Task Of_one_person_are_sealed_alike_and_of_two_are_not()
    {
        var (first, again, other) = (await SealedAsync(Ada), await SealedAsync(Ada), await SealedAsync(Ada with { CustomerId = new CustomerId("c-2") }));

        Assert.Equal(first, again);
        Assert.NotEqual(first.Name.Value.Split(':')[2], other.Name.Value.Split(':')[2]);
        Assert.Empty(new Customer(first.Name, first.Email).Decide(again));
    }

    [Fact]
    public async Task Cannot_be_read_any_more_once_their_key_is_erased()
    {
        var stored = await SealedAsync(Ada);
        await _personal.OpenAsync(stored, default);
        await _keys.EraseAsync("c-1", default);
        _time.Advance(PersonalData.KeysKept);

        Assert.Equal("[erased]", (await _personal.OpenAsync(stored, default)).GetProperty("name").GetString());

        // Registering again makes a new key, with which the old texts are none.
        var again = await SealedAsync(Ada);
        _time.Advance(PersonalData.KeysKept);
        Assert.Equal("[erased]", (await _personal.OpenAsync(stored, default)).GetProperty("name").GetString());
        Assert.Equal("Ada Lovelace", (await _personal.OpenAsync(again, default)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task That_were_changed_or_taken_to_another_person_are_erased()
    {
        var stored = await SealedAsync(Ada);
        await SealedAsync(Ada with { CustomerId = new CustomerId("c-2") });
        var last = stored.Name.Value[^1] == 'A' ? 'B' : 'A';

        foreach (var forged in new[] { stored.Name.Value[..^1] + last, stored.Name.Value.Replace("c-1", "c-2", StringComparison.Ordinal), "sealed:c-1:", "sealed:c-1:!!" })
            Assert.Equal("[erased]", (await _personal.OpenAsync(stored with { Name = forged }, default)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task That_were_never_sealed_are_shown_as_they_are() =>
        Assert.Equal("Ada", (await _personal.OpenAsync(new Address("Ada", "Way 1", "Town", "1", "DE"), default)).GetProperty("name").GetString());

    [Theory]
    [InlineData("sealed:")]
    [InlineData("sealed:ada")]
    public async Task That_only_look_as_if_they_were_sealed_are_shown_as_they_are(string street)
    {
        Assert.Null(new PersonalText(street).Subject);
        Assert.Equal(street, (await _personal.OpenAsync(new Address("Ada", street, "Town", "1", "DE"), default)).GetProperty("street").GetString());
    }

    [Fact]
    public async Task Do_not_show_in_a_log() => Assert.DoesNotContain("Ada", $"{Ada} {await SealedAsync(Ada)}", StringComparison.Ordinal);

    private async Task<RegisterCustomer> SealedAsync(RegisterCustomer command) =>
        (await _personal.SealAsync(command, default)).Deserialize<RegisterCustomer>(StorageJson.Options)!;
}
