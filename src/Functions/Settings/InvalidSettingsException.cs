namespace Atomic.Functions.Settings;

/// <summary>The app cannot start with the settings it was given. Each problem is a sentence that begins with the setting's name.</summary>
public sealed class InvalidSettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
