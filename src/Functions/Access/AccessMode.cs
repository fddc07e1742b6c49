namespace Atomic.Functions.Access;

/// <summary>How the app knows who calls it.</summary>
public enum AccessMode
{
    /// <summary>The Functions host asks for a function key before the app hears of a call. A key says nothing about who holds it.</summary>
    Keys,

    /// <summary>App Service asks Entra ID, and says who it is and which app roles they have.</summary>
    Entra,

    /// <summary>Whoever is on this machine, and nobody else: for development.</summary>
    Loopback,
}
