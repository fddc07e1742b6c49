namespace Atomic.LocalHost.DurableTask;

/// <summary>What Durable Functions allows as the id of an instance.</summary>
internal static class InstanceIds
{
    private const int Longest = 100;

    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    public static string Check(string id)
    {
        if (id.Length is 0 or > Longest) throw new ArgumentException($"An instance id has 1 to {Longest} characters; this one has {id.Length}.", nameof(id));
        if (id[0] == '@') throw new ArgumentException($"Instance id '{id}' must not begin with '@'.", nameof(id));
        foreach (var character in id)
        {
            if (character is '/' or '\\' or '#' or '?' || char.IsControl(character))
                throw new ArgumentException($"Instance id '{id}' must not contain '/', '\\', '#', '?' or control characters.", nameof(id));
        }

        return id;
    }

    public static string New() => Guid.NewGuid().ToString("N");
}
