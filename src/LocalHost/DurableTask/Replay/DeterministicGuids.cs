using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Atomic.LocalHost.DurableTask.Replay;

/// <summary>Name-based ids (RFC 4122, version 5) from the instance, its time and a count, the same ones that Microsoft's SDK gives.</summary>
internal sealed class DeterministicGuids(string instanceId)
{
    private static readonly byte[] Space = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    private int _given;

    public Guid Next(DateTime now)
    {
        var name = Encoding.UTF8.GetBytes($"{instanceId}_{now:o}_{_given++}");

        // The RFC asks for SHA-1; nothing secret rests on it.
#pragma warning disable CA5350
        var id = SHA1.HashData([.. Space, .. name]).AsSpan(0, 16);
#pragma warning restore CA5350
        var version = BinaryPrimitives.ReadUInt16BigEndian(id[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(id[6..], (ushort)((version & 0x0FFF) | 0x5000));
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
