using System.Collections.Concurrent;
using System.Security.Cryptography;
using Atomic.EventSourcing;

namespace Atomic.Verification.Storage;

/// <summary>The contract of people's keys without I/O.</summary>
public sealed class InMemorySubjectKeys : ISubjectKeys
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new();

    public Task<byte[]?> FindAsync(string subject, CancellationToken cancellation) => Task.FromResult(_keys.GetValueOrDefault(subject));

    public Task<byte[]> GetAsync(string subject, CancellationToken cancellation) =>
        Task.FromResult(_keys.GetOrAdd(subject, _ => RandomNumberGenerator.GetBytes(ISubjectKeys.KeyBytes)));

    public Task EraseAsync(string subject, CancellationToken cancellation)
    {
        _keys.TryRemove(subject, out _);
        return Task.CompletedTask;
    }
}
