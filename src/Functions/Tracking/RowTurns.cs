namespace Atomic.Functions.Tracking;

/// <summary>
/// One at a time at each row, within this process. Facts of one transaction come close together; those that take turns do not refuse each
/// other's writes. Correctness does not depend on it: other processes are met by the row's own guard.
/// </summary>
internal sealed class RowTurns
{
    private readonly Dictionary<string, Task> _last = [];

    /// <summary>Waits for the row; whoever is next has it once what is returned is disposed of.</summary>
    public async Task<IDisposable> TakeAsync(string row)
    {
        var turn = new Turn(this, row);
        Task? before;
        lock (_last)
        {
            before = _last.GetValueOrDefault(row);
            _last[row] = turn.Over;
        }

        if (before is not null) await before;
        return turn;
    }

    private sealed class Turn(RowTurns turns, string row) : IDisposable
    {
        private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Over => _over.Task;

        public void Dispose()
        {
            lock (turns._last)
            {
                if (turns._last[row] == Over) turns._last.Remove(row);
            }

            _over.TrySetResult();
        }
    }
}
