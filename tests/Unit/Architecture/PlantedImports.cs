using Xunit;

namespace Atomic.Unit.Architecture;

/// <summary>Every import ban is seen to fail.</summary>
public sealed class PlantedImports
{
    [Theory]
    [InlineData("Transactions", """<ProjectReference Include="../EventSourcing/EventSourcing.csproj" />""", "the project EventSourcing")]
    [InlineData("Services", """<ProjectReference Include="..\Transactions\Transactions.csproj" />""", "the project Transactions")]
    [InlineData("Messaging", """<PackageReference Include="Azure.Messaging.ServiceBus" />""", "the package Azure.Messaging.ServiceBus")]
    [InlineData("Functions", """<ProjectReference Include="../LocalHost/LocalHost.csproj" />""", "the project LocalHost")]
    [InlineData("EventSourcing", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""", "the framework Microsoft.AspNetCore.App")]
    [InlineData("Sales", "", "not a project of the house")]
    public void Are_seen_in_a_project_file(string project, string reference, string offence) =>
        Assert.Contains(offence, Assert.Single(ImportRules.OfProject(project, $"<Project><ItemGroup>{reference}</ItemGroup></Project>")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Transactions", "Azure.Core")]
    [InlineData("Services", "Atomic.Transactions")]
    [InlineData("Services", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("Functions", "Azure.Data.Tables")]
    [InlineData("Functions", "Atomic.LocalHost")]
    [InlineData("TableStorage", "Microsoft.Data.Sqlite")]
    public void Are_seen_in_an_assembly(string project, string reference) =>
        Assert.Equal($"Atomic.{project} refers to the assembly {reference}",
            Assert.Single(ImportRules.OfAssembly(project, ["System.Runtime", $"Atomic.{project}", reference], new HashSet<string> { "System.Runtime" })));

    [Theory]
    [InlineData("src/Functions/Http/A.cs", "using Azure.Data.Tables;")]
    [InlineData("src/LocalHost/A.cs", "var t = new Azure.Data.Tables.TableClient(uri);")]
    [InlineData("src/TableStorage/A.cs", "using static Microsoft.Data.Sqlite.SqliteConnection;")]
    [InlineData("src/Functions/A.cs", "using Host = Atomic.LocalHost.Runtime.Host;")]
    public void Are_seen_where_a_name_has_another_owner(string path, string code) => Assert.Single(ImportRules.OfOwnedNames([new(path, code)]));

    [Theory]
    [InlineData("src/Transactions/A.cs", "using Atomic.Messaging;")]
    [InlineData("src/EventSourcing/A.cs", "using Microsoft.Extensions.Logging;")]
    [InlineData("src/Services/A.cs", "global using Atomic.TableStorage;")]
    public void Are_seen_in_pure_code(string path, string code) => Assert.Single(ImportRules.OfPureCode([new(path, code)]));

    [Theory]
    [InlineData("src/Services/Ordering/A.cs", "using Atomic.Services.Inventory;")]
    [InlineData("src/Services/Ordering/A.cs", "using static Atomic.Services.Payments.Card;")]
    [InlineData("src/Services/Payments/A.cs", "Services.Shipping.Shipment shipment;")]
    [InlineData("src/Services/Shipping/A.cs", "Ordering.Order order;")]
    [InlineData("src/Services/Inventory/A.cs", "Atomic.Transactions.Definition definition;")]
    public void Are_seen_between_contexts(string path, string code) => Assert.Single(ImportRules.OfContexts([new(path, code)]));

    [Theory]
    [InlineData("#if EMBEDDED")]
    [InlineData("using Atomic.AzureApi;")]
    [InlineData("LocalHost.Start();")]
    public void Are_seen_in_a_function_class(string code) => Assert.Single(ImportRules.OfFunctions([new("src/Functions/Http/A.cs", code)]));

    [Theory]
    [InlineData("src/Transactions/A.cs", "namespace Atomic.Services.Ordering;")]
    [InlineData("src/Services/Ordering/A.cs", "namespace Atomic.Services.Orders;")]
    public void Are_seen_in_a_namespace(string path, string code) => Assert.Single(ImportRules.OfNamespaces([new(path, code)]));

    [Theory]
    [InlineData("// using Azure.Data.Tables;")]
    [InlineData("/* Azure.Data.Tables */ var a = 1;")]
    [InlineData("var a = \"Azure.Data.Tables\";")]
    [InlineData("var a = @\"C:\\\"; var b = $\"Azure.Data.Tables {a}\";")]
    [InlineData("var a = '\"'; var b = \"Azure.Data.Tables\";")]
    [InlineData("var a = \"\"\"\n  \"Azure.Data.Tables\"\n  \"\"\";")]
    [InlineData("using Azure.Data.TablesOfOurs;")]
    public void Are_not_seen_in_comments_and_text(string code) => Assert.Empty(ImportRules.OfOwnedNames([new("src/Functions/A.cs", code)]));

    [Theory]
    [InlineData("src/Services/Ordering/A.cs", "using Atomic.Services.Ordering; var count = order.Inventory.Count;")]
    [InlineData("src/Services/Order.cs", "using Atomic.EventSourcing;")]
    public void Are_not_seen_in_what_is_allowed(string path, string code) =>
        Assert.Empty(ImportRules.OfContexts([new(path, code)]).Concat(ImportRules.OfPureCode([new(path, code)])));
}
