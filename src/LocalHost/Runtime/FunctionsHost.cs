using Atomic.LocalHost.Runtime.Http;
using Atomic.LocalHost.Runtime.Invocations;
using Atomic.LocalHost.Runtime.Messages;
using Atomic.LocalHost.Runtime.Orchestrations;
using Atomic.LocalHost.Runtime.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.Runtime;

/// <summary>Runs the function classes of an assembly: discovers nothing any more, listens, and calls.</summary>
public sealed partial class FunctionsHost : IAsyncDisposable
{
    private readonly FunctionsHostOptions _options;
    private readonly WebApplication _app;
    private readonly FunctionRunner _runner;
    private readonly List<ITriggers> _triggers = [];
    private readonly ILogger _logger;
    private OpenedEngine? _engine;
    private bool _stopped;

    private FunctionsHost(FunctionsHostOptions options)
    {
        _options = options;
        _logger = options.Logs.CreateLogger<FunctionsHost>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        HttpTriggers.Configure(builder, options.Settings.Http, options.Port);
        builder.Services.AddSingleton(options.AppSettings.Configuration).AddSingleton(options.Logs).AddSingleton(options.Time).AddSingleton(options.Bus);
        builder.Services.AddLogging().AddSingleton<IHostLifetime, NoLifetime>();
        // Under this name Azure and func tell an app where it answers.
        options.AppSettings.Configuration["WEBSITE_HOSTNAME"] = Address.Authority;
        options.AddServices(builder.Services);
        _app = builder.Build();
        _runner = new FunctionRunner(_app.Services, options.Settings.FunctionTimeout, options.Time, options.Logs.CreateLogger<FunctionRunner>());
    }

    /// <summary>Where it answers.</summary>
    public Uri Address => new($"http://127.0.0.1:{_options.Port}");

    /// <returns>Once it answers and everything that triggers a function is under way.</returns>
    /// <exception cref="StartupException">It cannot start as it is told to.</exception>
    public static async Task<FunctionsHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellation)
    {
        var host = new FunctionsHost(options);
        try
        {
            await host.StartAsync(cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var triggers in _triggers)
        {
            if (triggers is IAsyncDisposable asynchronously) await asynchronously.DisposeAsync();
            else (triggers as IDisposable)?.Dispose();
        }

        await _app.DisposeAsync();
        _runner.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        RequireServices();
        await _options.BeforeTriggersAsync(_app.Services, cancellation);
        var functions = _options.Functions;
        _engine = await _options.OpenEngineAsync(DurableTriggers.Of(functions.Orchestrators, functions.Activities, _runner), cancellation);
        _runner.DurableClient = _engine.Client;
        // HTTP last: what answers is ready.
        foreach (var triggers in functions.Messages.Select(Receive).Append(Clock()).Append(Listen()))
        {
            await triggers.StartAsync(cancellation);
            _triggers.Add(triggers);
        }
    }

    private HttpTriggers Listen() => new HttpTriggers(_app, _options.Functions.Http, _runner, _options.Settings.Http, _options.Port);

    private TimerTriggers Clock() => new TimerTriggers(
        _options.Functions.Timers, _runner, new TimerRecords(Path.Combine(_options.DataFolder, "timers")), _options.Time,
        _options.Logs.CreateLogger<TimerTriggers>());

    private ITriggers Receive(MessageFunction function)
    {
        var (settings, logger) = (_options.Settings.ServiceBus, _options.Logs.CreateLogger<MessageFunction>());
        if (function.IsBatched) return new BatchedMessages(function, _options.Bus, settings, _runner, _options.Time, logger);
        return function.IsSessionsEnabled
            ? new SessionMessages(function, _options.Bus, settings, _runner, logger)
            : new SingleMessages(function, _options.Bus, settings, _runner, logger);
    }

    private void RequireServices()
    {
        var services = _app.Services.GetRequiredService<IServiceProviderIsService>();
        var missing = (
            from type in _options.Functions.All.Where(each => !each.Method.Method.IsStatic).Select(each => each.Method.Method.DeclaringType!).Distinct()
            from constructor in type.GetConstructors().Take(1)
            from parameter in constructor.GetParameters()
            where !parameter.HasDefaultValue && !services.IsService(parameter.ParameterType)
            select $"The function class {type.Name} asks for {parameter.ParameterType.Name} {parameter.Name}, which is not registered.").ToList();
        if (missing.Count > 0) throw new StartupException(missing);
    }

    // Signals are the business of whoever runs the host.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
