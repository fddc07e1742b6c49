using Atomic.Transactions.Costs;

namespace Atomic.Functions.Costs;

/// <summary>
/// What was used for a step and led to no fact that could carry it: a question asked before its time. The step's next fact from this process
/// takes it along. It is only kept in memory, as many as fit: to keep it better would cost more than it is worth.
/// </summary>
public sealed class UnstatedUsage
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Transaction, string Step), Usage> _known = [];
    private readonly Queue<(string Transaction, string Step)> _byAge = new();

    public void Add(string transaction, string step, Usage used)
    {
        lock (_gate)
        {
            var key = (transaction, step);
            if (!_known.ContainsKey(key)) _byAge.Enqueue(key);
            _known[key] = _known.GetValueOrDefault(key, Usage.None) + used;
            while (_byAge.Count > Most) _known.Remove(_byAge.Dequeue());
        }
    }

    public Usage Take(string transaction, string step)
    {
        lock (_gate) return _known.Remove((transaction, step), out var used) ? used : Usage.None;
    }
}
