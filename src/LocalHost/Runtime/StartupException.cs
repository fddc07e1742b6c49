namespace Atomic.LocalHost.Runtime;

/// <summary>The host cannot start as it is told to. Each problem is a sentence for the person at the keyboard: the thing by name, and the way out.</summary>
public sealed class StartupException(IReadOnlyList<string> problems, Exception? inner = null) : Exception(string.Join('\n', problems), inner)
{
    public StartupException(string problem, Exception? inner = null)
        : this([problem], inner)
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;
}
