using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>Who may call the app, and who finds out.</summary>
internal static class AccessRules
{
    private const string Config = "Microsoft.Web/sites/config";
    private const string Mode = "Authorization__mode";
    private const string Entra = "properties.identityProviders.azureActiveDirectory";

    // Pages without data: the app asks nothing of whoever reads them either.
    private static readonly string[] Open = ["/api/health", "/api/openapi.json"];

    public static readonly IReadOnlyList<Rule> All =
    [
        Rule.Setting("Without a place to sign in, the app is told of keys", Mode, (_, value) => value == "Keys", "Entra") with { AppliesTo = snapshot => !snapshot.SignsIn },
        new("Without a place to sign in, App Service asks nobody",
            snapshot => snapshot.Of(Config).Select(config => $"{config}"),
            snapshot => snapshot.AddCopyOf(snapshot.App).Set("type", Config)) { AppliesTo = snapshot => !snapshot.SignsIn },
        SignIn(Rule.Setting("Where people sign in, the app is told of Entra ID", Mode, (_, value) => value == "Entra", "Keys")),
        SignIn(Rule.Each("Where people sign in, App Service asks", Config, "properties.platform.enabled", true, false)),
        SignIn(Rule.Each("Who has not signed in gets no further", Config, "properties.globalValidation.requireAuthentication", true, false)),
        SignIn(Rule.Each("Who has not signed in is told 401", Config, "properties.globalValidation.unauthenticatedClientAction", "Return401", "AllowAnonymous")),
        SignIn(Rule.Each("Only pages without data are open", Config,
            config => config.At("properties.globalValidation.excludedPaths")!.AsArray().Select(path => path!.GetValue<string>()).SequenceEqual(Open),
            config => config.At("properties.globalValidation.excludedPaths")!.AsArray().Add((JsonNode)"/api/streams/*"))),
        SignIn(Rule.Each("Everybody signs in with Entra ID", Config, $"{Entra}.enabled", true, false)),
        SignIn(Rule.Each("Everybody who signs in is of one directory", Config,
            config => config.Text($"{Entra}.registration.openIdIssuer").Contains("loginEndpoint, '1f2e3d4c-5b6a-4978-8c9d-0e1f2a3b4c5d')", StringComparison.Ordinal),
            config => config.Set($"{Entra}.registration.openIdIssuer", "https://login.example/common/v2.0"))),
        SignIn(Rule.Each("A token is for this app", Config,
            config => config.At($"{Entra}.validation.allowedAudiences")!.AsArray().All(audience =>
                audience!.GetValue<string>().EndsWith(config.Text($"{Entra}.registration.clientId"), StringComparison.Ordinal)),
            config => config.At($"{Entra}.validation.allowedAudiences")!.AsArray().Add((JsonNode)"https://graph.example"))),
        SignIn(Rule.Each("Signing in takes no secret", Config,
            config => config.At($"{Entra}.registration.clientSecretSettingName") is null,
            config => config.Set($"{Entra}.registration.clientSecretSettingName", "ENTRA_SECRET"))),
        SignIn(Rule.Each("Tokens are not kept", Config, "properties.login.tokenStore.enabled", false, true)),
        SignIn(Rule.Each("Nobody signs in without encryption", Config, "properties.httpSettings.requireHttps", true, false)),
        Rule.Setting("Histories outlive the messages that may still be under way", "Retention__histories",
            (_, value) => int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) >= 14, "7"),
    ];

    private static Rule SignIn(Rule rule) => rule with { AppliesTo = snapshot => snapshot.SignsIn };
}
