using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Atomic.Unit.ServiceBus;

/// <summary>Keeps what is logged as a warning or worse.</summary>
internal sealed class CollectedLog
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILoggerFactory Factory => new Logger(_lines);

    private sealed class Logger(ConcurrentQueue<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
