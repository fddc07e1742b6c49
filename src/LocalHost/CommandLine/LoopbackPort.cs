using System.Net;
using System.Net.Sockets;
using Atomic.LocalHost.Runtime;

namespace Atomic.LocalHost.CommandLine;

internal static class LoopbackPort
{
    /// <summary>Tells of a taken port before anything is started that would then have to be stopped.</summary>
    /// <exception cref="StartupException">Something listens there, or this user may not.</exception>
    public static void RequireFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            throw new StartupException(e.SocketErrorCode == SocketError.AddressAlreadyInUse
                ? $"Port {port} is in use: stop what listens there, or name another with --port."
                : $"Port {port} cannot be listened on ({e.Message}): name another with --port.", e);
        }
    }
}
