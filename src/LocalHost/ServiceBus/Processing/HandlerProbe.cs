namespace Atomic.LocalHost.ServiceBus.Processing;

/// <summary>A processor does not show whether it has a handler, but it takes only one: where another fits in, there is none.</summary>
internal static class HandlerProbe
{
    public static bool IsSet(Action addAnother, Action removeIt)
    {
        try
        {
            addAnother();
        }
        catch (NotSupportedException)
        {
            return true;
        }

        removeIt();
        return false;
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static void Require(string name, Action addAnother, Action removeIt)
    {
        if (!IsSet(addAnother, removeIt)) throw new InvalidOperationException($"Cannot begin processing without {name} handler set.");
    }
}
