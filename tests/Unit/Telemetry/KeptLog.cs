using Microsoft.Extensions.Logging;

namespace Atomic.Unit.Telemetry;

/// <summary>What was logged, each line behind the name by which alerts look for it.</summary>
internal sealed class KeptLog<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{eventId.Name} {formatter(state, exception)}");
}
