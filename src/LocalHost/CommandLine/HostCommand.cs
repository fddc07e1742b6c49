using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Atomic.LocalHost.Telemetry;

namespace Atomic.LocalHost.CommandLine;

/// <summary>What the host was asked to do.</summary>
internal sealed record HostArguments(int? Port, string? Data, string? Storage, bool Reset, string? Root, bool Verbose);

/// <summary>The command line of the local host. Without a subcommand it runs the function app.</summary>
internal static class HostCommand
{
    public const int DefaultPort = 7071;

    private const string Description =
        "Runs the function app on this machine: embedded host, not Azure. It needs Node.js, with which it installs and starts Azurite the first time. "
        + $"Traces and metrics go by OTLP to {OtlpSettings.Endpoint} when that is set, in the environment or in local.settings.json, with OpenTelemetry's other settings.";

    /// <param name="run">Carries the arguments out, and gives the exit code.</param>
    /// <param name="verify">Carries out the subcommand <c>verify</c>.</param>
    public static RootCommand Create(Func<HostArguments, Task<int>> run, Func<VerifyArguments, CancellationToken, Task<int>> verify)
    {
        var port = new Option<int?>("--port")
        {
            HelpName = "PORT",
            Description = $"Where it answers, on 127.0.0.1 only. Default: LocalHttpPort of local.settings.json, or {DefaultPort}.",
            CustomParser = ParsePort,
        };
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "Where durable engine, broker and Azurite keep their files. One host at a time. Default: .data beside host.json.",
        };
        var storage = new Option<string?>("--storage")
        {
            HelpName = "CONNECTION",
            Description = "Connection string of an Azurite or a storage account of your own, instead of the Azurite that the host starts.",
        };
        var reset = new Option<bool>("--reset")
        {
            Description = "Starts from nothing: removes what the host keeps in the data folder. "
                + "A storage named with --storage, or an Azurite that runs already, keeps its rows.",
        };
        var root = new Option<string?>("--root")
        {
            HelpName = "DIR",
            Description = "The folder that holds host.json, local.settings.json and infra/service-bus.json. Default: looked for upward from the host's own place.",
        };
        var verbose = new Option<bool>("--verbose") { Description = "Logs every call of a function, and exceptions in full." };
        var command = new RootCommand(Description) { port, data, storage, reset, root, verbose, VerifyCommand.Create(verify) };
        command.SetAction((parsed, _) => run(new HostArguments(
            parsed.GetValue(port), parsed.GetValue(data), parsed.GetValue(storage), parsed.GetValue(reset), parsed.GetValue(root), parsed.GetValue(verbose))));
        return command;
    }

    private static int? ParsePort(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= ushort.MaxValue) return port;
        result.AddError($"--port must be a whole number from 1 to {ushort.MaxValue}, and is '{text}'.");
        return null;
    }

    /// <summary>Runs what the arguments say. A mistake in them is told in a line each, and nothing is started.</summary>
    public static async Task<int> InvokeAsync(RootCommand command, IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await errors.WriteLineAsync(error.Message);
            await errors.WriteLineAsync("--help lists what there is.");
            return 1;
        }

        // Ctrl-C is handled by what runs, which has more to stop than a token.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }
}
