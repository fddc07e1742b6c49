using System.Text.Json.Nodes;

namespace Atomic.Integration.Infrastructure.Rules;

/// <summary>The function app and its plan.</summary>
internal static class HostingRules
{
    private const string Plan = "Microsoft.Web/serverfarms";
    private const string App = "Microsoft.Web/sites";
    private const string Publishing = "Microsoft.Web/sites/basicPublishingCredentialsPolicies";

    // What Flex Consumption refuses or ignores: its place is functionAppConfig, or the platform decides.
    private static readonly string[] RefusedSettings =
    [
        "ENABLE_ORYX_BUILD", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION",
        "FUNCTIONS_MAX_HTTP_CONCURRENCY", "FUNCTIONS_WORKER_PROCESS_COUNT", "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
        "SCM_DO_BUILD_DURING_DEPLOYMENT", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTOVERVNET", "WEBSITE_CONTENTSHARE",
        "WEBSITE_DNS_SERVER", "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "WEBSITE_NODE_DEFAULT_VERSION", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_SKIP_CONTENTSHARE_VALIDATION", "WEBSITE_TIME_ZONE", "WEBSITE_USE_PLACEHOLDER_DOTNETISOLATED", "WEBSITE_VNET_ROUTE_ALL",
    ];

    private static readonly string[] RefusedProperties =
    [
        "properties.containerSize", "properties.isReserved", "properties.vnetContentShareEnabled", "properties.vnetImagePullEnabled",
        "properties.vnetRouteAllEnabled", "properties.siteConfig.alwaysOn", "properties.siteConfig.functionAppScaleLimit",
        "properties.siteConfig.javaVersion", "properties.siteConfig.linuxFxVersion", "properties.siteConfig.minimumElasticInstanceCount",
        "properties.siteConfig.netFrameworkVersion", "properties.siteConfig.preWarmedInstanceCount", "properties.siteConfig.use32BitWorkerProcess",
        "properties.siteConfig.windowsFxVersion",
    ];

    public static readonly IReadOnlyList<Rule> All =
    [
        Rule.Each("The plan is Flex Consumption", Plan, "sku.name", "FC1", "Y1"),
        Rule.Each("The plan's tier is Flex Consumption", Plan, "sku.tier", "FlexConsumption", "Dynamic"),
        Rule.Each("The plan is Linux", Plan, "properties.reserved", true, false),
        Rule.Each("The app is a function app on Linux", App, "kind", "functionapp,linux", "functionapp"),
        Rule.Each("The app runs in the isolated worker", App, "properties.functionAppConfig.runtime.name", "dotnet-isolated", "dotnet"),
        Rule.Each("The app runs on .NET 10", App, "properties.functionAppConfig.runtime.version", "10.0", "8.0"),
        Rule.Each("The app answers HTTPS only", App, "properties.httpsOnly", true, false),
        Rule.Each("The app takes no TLS below 1.2", App, "properties.siteConfig.minTlsVersion", "1.2", "1.0"),
        Rule.Each("The app's deployment endpoint takes no TLS below 1.2", App, "properties.siteConfig.scmMinTlsVersion", "1.2", "1.1"),
        Rule.Each("FTP is off", App, "properties.siteConfig.ftpsState", "Disabled", "FtpsOnly"),
        Rule.Each("Publishing by user name and password is off", Publishing, "properties.allow", false, true),
        new("Publishing by user name and password is off for both ways in",
            snapshot => new[] { "ftp", "scm" }.Except(snapshot.Of(Publishing).Select(policy => policy.Name.Split('/')[^1])),
            snapshot => snapshot.Remove(snapshot.Of(Publishing).Last())),
        Rule.Each("The app is deployed to a blob container", App, "properties.functionAppConfig.deployment.storage.type", "blobContainer", "share"),
        Rule.Each("The app is deployed by identity", App,
            "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity", "StorageAccountConnectionString"),
        new("The app is deployed by its own identity",
            snapshot => snapshot.App.Text("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId")
                == snapshot.The("Microsoft.ManagedIdentity/userAssignedIdentities").Id ? [] : ["The deployment container has another identity"],
            snapshot => snapshot.App.Set("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId", "/other")),
        new("The container that the app is deployed to exists in the host's account",
            snapshot => snapshot.Of("Microsoft.Storage/storageAccounts/blobServices/containers").Any(container =>
                container.Name == $"{snapshot.HostStorage.Name}/default/deployments"
                && snapshot.App.Text("properties.functionAppConfig.deployment.storage.value") is var value
                && value.Contains(snapshot.HostStorage.Name, StringComparison.Ordinal)
                && value.Contains("deployments", StringComparison.Ordinal)) ? [] : ["The deployment container does not exist"],
            snapshot => snapshot.App.Set("properties.functionAppConfig.deployment.storage.value", "https://other.blob.example/deployments")),
        new("The app has no setting that Flex Consumption refuses",
            snapshot => snapshot.Settings.Keys.Intersect(RefusedSettings),
            snapshot => snapshot.SetSetting("WEBSITE_RUN_FROM_PACKAGE", "1")),
        new("The app has no property that Flex Consumption refuses",
            snapshot => RefusedProperties.Where(path => snapshot.App.At(path) is not null),
            snapshot => snapshot.App.Set("properties.siteConfig.linuxFxVersion", "DOTNET-ISOLATED|10.0")),
        Rule.Each("The app's growth has a ceiling", App,
            app => app.At("properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount")?.GetValue<int>() is >= 1 and <= 1000,
            app => app.Set("properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount", 0)),
        Rule.Each("An instance's share of HTTP requests is bounded", App,
            app => app.At("properties.functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency")?.GetValue<int>() is >= 1 and <= 1000,
            app => app.Set("properties.functionAppConfig.scaleAndConcurrency.triggers", new JsonObject())),
        new("There is one app and one plan",
            snapshot => snapshot.Of(App).Concat(snapshot.Of(Plan)).Count() == 2 ? [] : ["There is another app or plan"],
            snapshot => snapshot.AddCopyOf(snapshot.The(Plan))),
        Rule.Each("azd finds the app by its tag", App, app => app.At("tags")?["azd-service-name"]?.GetValue<string>() == "app", app => app.Set("tags", new JsonObject())),
    ];
}
