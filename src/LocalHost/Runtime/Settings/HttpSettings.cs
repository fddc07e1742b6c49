namespace Atomic.LocalHost.Runtime.Settings;

/// <summary><c>extensions.http</c> of host.json.</summary>
public sealed record HttpSettings
{
    /// <summary>What every route begins with.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>How many requests may be under way or waiting before the next is answered 429; null for any number.</summary>
    public int? MaxOutstandingRequests { get; init; }

    /// <summary>How many requests run at once, while the others wait; null for any number.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>Headers of every answer.</summary>
    public IReadOnlyDictionary<string, string> CustomHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>HTTP Strict Transport Security, for answers over https, which the embedded host, on loopback, has none of; null when off.</summary>
    public HstsSettings? Hsts { get; init; }

    internal static HttpSettings Read(SettingsSection section)
    {
        section.Only("dynamicThrottlesEnabled", "false");
        return new HttpSettings
        {
            RoutePrefix = section.Text("routePrefix") ?? "api",
            MaxOutstandingRequests = Limit(section.Number("maxOutstandingRequests", -1, least: -1)),
            MaxConcurrentRequests = Limit(section.Number("maxConcurrentRequests", -1, least: -1)),
            CustomHeaders = section.Texts("customHeaders"),
            Hsts = HstsSettings.Read(section.Section("hsts")),
        };
    }

    private static int? Limit(int number) => number < 1 ? null : number;
}

/// <summary><c>extensions.http.hsts</c> of host.json.</summary>
public sealed record HstsSettings(TimeSpan MaxAge, bool IncludeSubDomains, bool Preload, IReadOnlyList<string> ExcludedHosts)
{
    internal static HstsSettings? Read(SettingsSection section)
    {
        var enabled = section.Flag("isEnabled", false);
        var settings = new HstsSettings(
            section.Time("maxAge", TimeSpan.FromDays(30), TimeSpan.Zero, TimeSpan.FromDays(3650)),
            section.Flag("includeSubDomains", false),
            section.Flag("preload", false),
            section.List("excludedHosts"));
        return enabled ? settings : null;
    }
}
