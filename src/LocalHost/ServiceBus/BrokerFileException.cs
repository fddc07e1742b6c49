namespace Atomic.LocalHost.ServiceBus;

/// <summary>The broker's file cannot be used.</summary>
public sealed class BrokerFileException(string file, string problem, Exception? inner = null) : Exception($"{file} {problem}.", inner)
{
    public string File { get; } = file;
}
