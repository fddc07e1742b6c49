using System.Reflection;
using Xunit;

namespace Atomic.Integration.Security;

/// <summary>The OWASP API Security Top 10 of 2023: which tests are about which of them.</summary>
internal static class Owasp
{
    public const string Name = "OWASP API 2023";

    public const string Objects = "API1 Broken Object Level Authorization";
    public const string Authentication = "API2 Broken Authentication";
    public const string Properties = "API3 Broken Object Property Level Authorization";
    public const string Consumption = "API4 Unrestricted Resource Consumption";
    public const string Functions = "API5 Broken Function Level Authorization";
    public const string BusinessFlows = "API6 Unrestricted Access to Sensitive Business Flows";
    public const string Ssrf = "API7 Server Side Request Forgery";
    public const string Misconfiguration = "API8 Security Misconfiguration";
    public const string Inventory = "API9 Improper Inventory Management";
    public const string UnsafeConsumption = "API10 Unsafe Consumption of APIs";

    public static readonly string[] All =
        [Objects, Authentication, Properties, Consumption, Functions, BusinessFlows, Ssrf, Misconfiguration, Inventory, UnsafeConsumption];
}

public sealed class The_ten_of_OWASP
{
    public static TheoryData<string> All => new(Owasp.All);

    [Theory]
    [MemberData(nameof(All))]
    public void Have_a_test_each(string risk) => Assert.NotEmpty(
        from type in typeof(The_ten_of_OWASP).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttributes<FactAttribute>().Any()
        from trait in method.GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(TraitAttribute))
        where Equals(trait.ConstructorArguments[0].Value, Owasp.Name) && Equals(trait.ConstructorArguments[1].Value, risk)
        select method.Name);
}
