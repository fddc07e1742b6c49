using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Atomic.LocalHost.Runtime.Settings;

/// <summary>
/// The app's settings: <c>Values</c> of <c>local.settings.json</c>, or of the sample when there is none, each outranked by an environment
/// variable of its name, as in Azure and in <c>func</c>.
/// </summary>
public sealed partial class AppSettings
{
    public const string File = "local.settings.json";
    public const string Sample = "local.settings.sample.json";

    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    // Settings by which Azure's host and workers themselves are steered. One that is not known here would be accepted and ignored.
    private static readonly string[] Steering = ["AzureWebJobs", "AzureFunctionsJobHost", "FUNCTIONS_", "WEBSITE_"];
    private static readonly string[] Steered = ["AzureWebJobsStorage", "FUNCTIONS_WORKER_RUNTIME"];

    private readonly string _file;

    private AppSettings(string file, IConfiguration configuration, int? port)
    {
        _file = file;
        Configuration = configuration;
        Port = port;
    }

    public IConfiguration Configuration { get; }

    /// <summary><c>Host.LocalHttpPort</c>, when the file says it.</summary>
    public int? Port { get; }

    /// <exception cref="StartupException">The file is malformed, or says what the embedded host does not honour.</exception>
    public static AppSettings Parse(string file, string text)
    {
        var problems = new List<string>();
        var root = SettingsSection.Parse(file, text, problems);
        if (problems.Count > 0) throw new StartupException(problems);

        root.Only("IsEncrypted", "false");
        var values = root.Texts("Values");
        var port = root.Section("Host").Number("LocalHttpPort", 0, least: 1, most: ushort.MaxValue);
        root.Close();
        problems.AddRange(values.Keys.Where(IsIgnored).Select(name => $"{file}: Values.{name} is not honoured by the embedded host; remove it."));
        if (values.TryGetValue("FUNCTIONS_WORKER_RUNTIME", out var runtime) && runtime != "dotnet-isolated")
            problems.Add($"{file}: Values.FUNCTIONS_WORKER_RUNTIME must be dotnet-isolated, and is {runtime}.");
        var configuration = Configure(values);
        problems.AddRange(configuration.GetSection("AzureFunctionsJobHost").GetChildren().Select(setting =>
            $"The environment variable AzureFunctionsJobHost__{setting.Key} is not honoured by the embedded host; say it in {HostSettings.File}."));
        return problems.Count == 0 ? new AppSettings(file, configuration, port == 0 ? null : port) : throw new StartupException(problems);
    }

    /// <summary>Replaces each <c>%Name%</c> by the setting of that name.</summary>
    /// <param name="where">Who says it, for the message.</param>
    public string Resolve(string text, string where, ICollection<string> problems) => Placeholder().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        if (Configuration[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value) return value;
        problems.Add($"{where} says {match.Value}, and {_file} has no value {name}.");
        return match.Value;
    });

    /// <summary>Whether <c>AzureWebJobs.{function}.Disabled</c> switches a function off.</summary>
    public bool IsDisabled(string function) => Configuration[$"AzureWebJobs.{function}.Disabled"]?.ToUpper(CultureInfo.InvariantCulture) is "TRUE" or "1";

    /// <summary>A connection to storage must be to the emulator, which the host starts.</summary>
    public void RequireDevelopmentStorage(string name, ICollection<string> problems) => Require(
        name, value => value == DevelopmentStorage, $"must be {DevelopmentStorage}: the embedded host keeps it in Azurite, or where --storage says", problems);

    /// <summary>A connection to Service Bus must be to the emulator, which the host is.</summary>
    public void RequireDevelopmentBus(string name, ICollection<string> problems) => Require(
        name, value => value.Contains("UseDevelopmentEmulator=true", StringComparison.OrdinalIgnoreCase),
        "must say UseDevelopmentEmulator=true: the embedded host is its own broker and speaks to no other", problems);

    private void Require(string name, Predicate<string> holds, string otherwise, ICollection<string> problems)
    {
        var given = Configuration[name.Replace("__", ":", StringComparison.Ordinal)];
        if (given is null && Configuration.GetSection(name.Replace("__", ":", StringComparison.Ordinal)).GetChildren().Any())
            problems.Add($"The setting {name} {otherwise}; it is given as {name}__….");
        else if (given is null)
            problems.Add($"{_file} has no value {name}.");
        else if (!holds(given))
            problems.Add($"The setting {name} {otherwise}.");
    }

    private static bool IsIgnored(string name) =>
        Steering.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        && !Steered.Contains(name, StringComparer.OrdinalIgnoreCase)
        && !DisabledSetting().IsMatch(name);

    private static IConfigurationRoot Configure(IReadOnlyDictionary<string, string> values) => new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), (string?)value.Value)))
        .AddEnvironmentVariables()
        .Build();

    [GeneratedRegex("%(?<name>[^%]+)%")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^AzureWebJobs\.[^.]+\.Disabled$", RegexOptions.IgnoreCase)]
    private static partial Regex DisabledSetting();
}
