namespace Atomic.LocalHost.Runtime.Settings;

/// <summary>What <c>host.json</c> says, read strictly: every setting in it is honoured, or the start stops and names it.</summary>
public sealed record HostSettings
{
    public const string File = "host.json";

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    /// <summary>How long a function may run; 30 minutes unless set. <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public HttpSettings Http { get; init; } = new();

    public ServiceBusSettings ServiceBus { get; init; } = new();

    public DurableTaskSettings DurableTask { get; init; } = new();

    /// <exception cref="StartupException">Every setting that is unknown, out of its range, or not honoured.</exception>
    public static HostSettings Parse(string text)
    {
        var problems = new List<string>();
        var root = SettingsSection.Parse(File, text, problems);
        if (problems.Count > 0) throw new StartupException(problems);

        if (root.Text("version") is not "2.0") root.Refuse("version", "must be \"2.0\".");
        // The host's spans are System.Diagnostics activities, which OpenTelemetry collects; there is nothing here that speaks to Application Insights.
        root.Only("telemetryMode", "OpenTelemetry");
        var extensions = root.Section("extensions");
        var settings = new HostSettings
        {
            FunctionTimeout = root.Text("functionTimeout") is "-1"
                ? Timeout.InfiniteTimeSpan
                : root.Time("functionTimeout", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(1), LongestTimeout),
            Http = HttpSettings.Read(extensions.Section("http")),
            ServiceBus = ServiceBusSettings.Read(extensions.Section("serviceBus")),
            DurableTask = DurableTaskSettings.Read(extensions.Section("durableTask")),
        };
        root.Close();
        return problems.Count == 0 ? settings : throw new StartupException(problems);
    }
}
