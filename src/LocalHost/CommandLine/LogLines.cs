using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.CommandLine;

/// <summary>Writes log messages a line each: warnings and errors; when verbose, every call of a function too, and exceptions in full.</summary>
internal sealed class LogLines(TextWriter output, TimeProvider time, bool verbose) : ILoggerProvider
{
    public static ILoggerFactory Create(TextWriter output, TimeProvider time, bool verbose) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Atomic", verbose ? LogLevel.Information : LogLevel.Warning)
        .AddProvider(new LogLines(output, time, verbose)));

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
        // The output is the process's, not the provider's.
    }

    private void Write(LogLevel level, string message, Exception? e)
    {
        var text = e is null ? message : verbose ? $"{message}{Environment.NewLine}{e}" : $"{message} {Describe(e)}";
        lock (output)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss.fff} {Word(level)}: {(verbose ? text : OneLine(text))}"));
        }
    }

    private static string Describe(Exception e) =>
        e.InnerException is { } inner ? $"{e.GetType().Name}: {e.Message} ({inner.GetType().Name}: {inner.Message})" : $"{e.GetType().Name}: {e.Message}";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        _ => "info",
    };

    private sealed class Logger(LogLines lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Write(logLevel, formatter(state, exception), exception);
        }
    }
}
