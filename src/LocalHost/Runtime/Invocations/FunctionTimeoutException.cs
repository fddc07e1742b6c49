namespace Atomic.LocalHost.Runtime.Invocations;

/// <summary>A function ran longer than <c>functionTimeout</c> of host.json lets it.</summary>
public sealed class FunctionTimeoutException(string function, TimeSpan limit, Exception? inner = null)
    : Exception($"The function {function} did not end within its functionTimeout of {limit}.", inner);
