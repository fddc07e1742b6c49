namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>A processor does not show whether it has a handler, but it takes only one: where another fits in, there was none.</summary>
internal static class RequiredHandler
{
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static void Check(string name, Action addAnother, Action removeIt)
    {
        try
        {
            addAnother();
        }
        catch (NotSupportedException)
        {
            return;
        }

        removeIt();
        throw new InvalidOperationException($"Cannot begin processing without {name} handler set.");
    }
}
