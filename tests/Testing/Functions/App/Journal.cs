using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Testing.Functions.App;

/// <summary>What the functions of the app have seen, by subject, for whoever asks over HTTP.</summary>
public sealed class Journal
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _entries = new();

    public void Add(string? subject, string entry) => _entries.GetOrAdd(subject ?? "", _ => new()).Enqueue(entry);

    public IReadOnlyList<string> Of(string subject) => _entries.TryGetValue(subject, out var entries) ? [.. entries] : [];
}

/// <summary>One for each call of a function.</summary>
public sealed class Scope
{
    public string Id { get; } = Guid.NewGuid().ToString();
}

public sealed class JournalFunctions(Journal journal)
{
    [Function(nameof(ReadJournal))]
    public IResult ReadJournal([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "journal/{subject}")] HttpRequest request, string subject) =>
        Results.Json(journal.Of(subject));
}
