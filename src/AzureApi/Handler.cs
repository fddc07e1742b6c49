namespace Atomic.AzureApi;

/// <summary>A processor has exactly one handler an event, as Microsoft's has.</summary>
internal static class Handler
{
    public static void Add<TArgs>(ref Func<TArgs, Task>? handler, Func<TArgs, Task> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (handler is not null) throw new NotSupportedException("Another handler has already been assigned to this event and there can be only one.");
        handler = value;
    }

    public static void Remove<TArgs>(ref Func<TArgs, Task>? handler, Func<TArgs, Task> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (handler != value) throw new ArgumentException("This handler has not been previously assigned to this event.", nameof(value));
        handler = null;
    }

    public static Func<TArgs, Task> Of<TArgs>(Func<TArgs, Task>? handler, string name) =>
        handler ?? throw new InvalidOperationException($"Cannot begin processing without {name} handler set.");
}
