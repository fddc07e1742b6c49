using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace Atomic.Unit.AzureApi;

/// <summary>What compiles against the declarations of src/AzureApi compiles against Microsoft's packages, and what implements them implements Microsoft's.</summary>
public sealed class Declarations
{
    private static readonly Assembly AzureApi = Assembly.Load("Atomic.AzureApi");

    public static TheoryData<string> Lists => new(ListNames());

    [Fact]
    public void Are_Microsofts_to_the_letter()
    {
        var differences = ApiComparison.Differences(AzureApi.GetExportedTypes(), ListNames().SelectMany(Read));

        Assert.True(differences.Count == 0, $"{differences.Count} declarations differ from Microsoft's API:\n{string.Join('\n', differences)}");
    }

    // The local host has to work against Microsoft's own types, which let nobody in.
    [Fact]
    public void Open_their_internals_to_nobody() =>
        Assert.Empty(AzureApi.GetCustomAttributes<InternalsVisibleToAttribute>());

    [Theory]
    [MemberData(nameof(Lists))]
    public void Are_held_to_a_list_that_is_read_whole(string list)
    {
        var types = Read(list);

        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.All(type.Members, member =>
            Assert.Matches("^(usage|constructor|field|property|event|method|value|invoke) ", member)));
    }

    private static string[] ListNames() =>
        [.. typeof(Declarations).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("PublicApi/", StringComparison.Ordinal)).Order()];

    private static IReadOnlyList<ApiType> Read(string list)
    {
        using var reader = new StreamReader(typeof(Declarations).Assembly.GetManifestResourceStream(list)!);
        return ApiType.Parse(reader.ReadToEnd());
    }
}
