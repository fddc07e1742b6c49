using Atomic.Unit.AzureApi.Planted;
using Xunit;

namespace Atomic.Unit.AzureApi;

/// <summary>Every kind of difference between a declaration and the list is seen and named.</summary>
public sealed class PlantedDifferences
{
    private static readonly Type[] Declared = [.. typeof(Client).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(Client).Namespace)];

    private static readonly string Real = ReadList();

    [Fact]
    public void Are_none_when_the_declarations_are_those_of_the_list() => Assert.Empty(ApiComparison.Differences(Declared, ApiType.Parse(Real)));

    // Line by line, so that a member or type that the comparison would not look at is missed here.
    [Fact]
    public void Are_looked_for_in_every_line_of_the_list()
    {
        var rendered = Declared.SelectMany(type => ApiText.Of(type).Split('\n')).Order(StringComparer.Ordinal);

        Assert.Equal(Real.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), rendered);
    }

    [Theory]
    [InlineData("one letter of a parameter's name", "System.String prefix", "System.String prefiks")]
    [InlineData("a parameter's type", "System.Int32 pageSize", "System.Int64 pageSize")]
    [InlineData("a default value", "pageSize = 100", "pageSize = 10")]
    [InlineData("a default value of an enum", "day = (System.DayOfWeek)1", "day = (System.DayOfWeek)2")]
    [InlineData("a default value left out", "cancellation = default", "cancellation")]
    [InlineData("the way a parameter is passed", "ref System.Int32 second", "in System.Int32 second")]
    [InlineData("params", "params System.String[] marks", "System.String[] marks")]
    [InlineData("an extension's this", "this Atomic", "Atomic")]
    [InlineData("a return type", "virtual System.Threading.Tasks.Task PurgeAsync", "virtual System.Threading.Tasks.ValueTask PurgeAsync")]
    [InlineData("a modifier", "public virtual System.Threading.Tasks.Task PurgeAsync", "public System.Threading.Tasks.Task PurgeAsync")]
    [InlineData("an access", "constructor protected (System.String name)", "constructor public (System.String name)")]
    [InlineData("an accessor", "System.String Name { get; }", "System.String Name { get; set; }")]
    [InlineData("an accessor's access", "Hub { get; protected set; }", "Hub { get; set; }")]
    [InlineData("set for init", "Age { get; init; }", "Age { get; set; }")]
    [InlineData("required", "required System", "System")]
    [InlineData("an index parameter", "Item[System.String key]", "Item[System.String name]")]
    [InlineData("a constraint", "where T : class, System.IDisposable, new()", "where T : class")]
    [InlineData("a constant", "Factor = 1.5", "Factor = 2")]
    [InlineData("a field's kind", "static readonly System.TimeSpan", "static System.TimeSpan")]
    [InlineData("an event's type", "System.Func<Atomic.Unit.AzureApi.Planted.Subclient, ", "System.Func<Atomic.Unit.AzureApi.Planted.Client, ")]
    [InlineData("an enum's value", "value High = 5", "value High = 4")]
    [InlineData("a delegate's signature", "Planted.Person person", "Planted.Person human")]
    [InlineData("attribute usage", "usage 12, AllowMultiple = true", "usage 4, AllowMultiple = true")]
    [InlineData("a namespace", "type public enum Atomic.Unit.AzureApi.Planted.Level", "type public enum Atomic.Unit.Level")]
    [InlineData("a kind", "type public readonly record struct", "type public readonly struct")]
    [InlineData("a type's modifier", "type public sealed class Atomic.Unit.AzureApi.Planted.Subclient", "type public class Atomic.Unit.AzureApi.Planted.Subclient")]
    [InlineData("a base type", "Subclient : Atomic.Unit.AzureApi.Planted.Client", "Subclient : Atomic.Unit.AzureApi.Planted.OldClient")]
    [InlineData("an interface", "Client : System.IAsyncDisposable", "Client : System.IAsyncDisposable, System.IDisposable")]
    [InlineData("the underlying type of an enum", "Level : System.Int32", "Level : System.Byte")]
    public void Are_found_in(string what, string declared, string listed)
    {
        Assert.Contains(declared, Real, StringComparison.Ordinal);

        var differences = ApiComparison.Differences(Declared, ApiType.Parse(Real.Replace(declared, listed, StringComparison.Ordinal)));

        Assert.True(differences.Count > 0, $"A difference in {what} was not seen.");
    }

    [Fact]
    public void Name_the_type_the_line_and_what_was_probably_meant()
    {
        var listed = Real.Replace("System.String prefix", "System.String prefiks", StringComparison.Ordinal);

        var difference = Assert.Single(ApiComparison.Differences(Declared, ApiType.Parse(listed)));

        Assert.Contains("Planted.Client declares what is not listed", difference, StringComparison.Ordinal);
        Assert.Contains("declared: method public virtual System.Threading.Tasks.Task PurgeAsync", difference, StringComparison.Ordinal);
        Assert.Contains("listed:   method public virtual System.Threading.Tasks.Task PurgeAsync", difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Client", "method public abstract System.Void Close()")]
    [InlineData("Client", "property protected abstract System.String Key { get; }")]
    [InlineData("IBag<T>", "method public abstract System.Void Empty()")]
    public void Are_an_abstract_member_that_a_declaration_lacks(string type, string member)
    {
        var difference = Assert.Single(ApiComparison.Differences(Declared, WithMember(type, member)));

        Assert.Contains($"{type} lacks an abstract member", difference, StringComparison.Ordinal);
        Assert.Contains(member, difference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Client", "method public System.Void Close()")]
    [InlineData("Level", "value Middle = 3")]
    public void Are_not_what_a_declaration_may_leave_out(string type, string member) =>
        Assert.Empty(ApiComparison.Differences(Declared, WithMember(type, member)));

    [Fact]
    public void Are_a_member_that_is_not_listed()
    {
        var listed = ApiType.Parse(Real).Select(type => type with { Members = [.. type.Members.Where(member => !member.Contains("op_Implicit", StringComparison.Ordinal))] });

        var difference = Assert.Single(ApiComparison.Differences(Declared, listed));

        Assert.Contains("Subclient declares what is not listed", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void Are_a_type_that_is_not_listed()
    {
        var listed = ApiType.Parse(Real).Where(type => !type.Name.EndsWith(".Level", StringComparison.Ordinal));

        Assert.Equal("Atomic.Unit.AzureApi.Planted.Level is not a type of Microsoft's.", Assert.Single(ApiComparison.Differences(Declared, listed)));
    }

    private static IEnumerable<ApiType> WithMember(string name, string member) => ApiType.Parse(Real)
        .Select(type => type.Name.EndsWith($".{name}", StringComparison.Ordinal) ? type with { Members = [.. type.Members, member] } : type);

    private static string ReadList()
    {
        using var reader = new StreamReader(typeof(PlantedDifferences).Assembly.GetManifestResourceStream("Planted")!);
        return reader.ReadToEnd();
    }
}
