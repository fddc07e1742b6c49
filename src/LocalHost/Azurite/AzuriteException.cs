namespace Atomic.LocalHost.Azurite;

/// <summary>Azurite cannot be had. The message is for the person at the keyboard: what is wrong, and the way out.</summary>
public sealed class AzuriteException(string message, Exception? inner = null) : Exception(message, inner);
