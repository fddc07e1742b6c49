using System.Collections.Concurrent;
using Atomic.LocalHost.ServiceBus.Storage;
using Microsoft.Extensions.Logging;

namespace Atomic.LocalHost.ServiceBus;

/// <summary>
/// Service Bus in one process, durable in one SQLite file. One thread decides everything: it takes what has gathered, writes it in one
/// transaction, and only then answers. So what was acknowledged survives a kill of the process, and what was not has not happened.
/// After a restart no message is locked, and each has been delivered as often as it was.
/// </summary>
public sealed partial class Broker : IAsyncDisposable
{
    private readonly BlockingCollection<Request> _requests = [];
    private readonly Topology _topology;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly BrokerFile _file;
    private readonly ITimer _alarm;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isDisposed;

    private Broker(Topology topology, BrokerFile file, TimeProvider time, ILogger log)
    {
        (_topology, _file, _time, _log) = (topology, file, time, log);
        _alarm = time.CreateTimer(_ => Tell(_ => _alarmAt = null), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal TimeProvider Time => _time;

    internal ILogger Log => _log;

    /// <summary>
    /// Opens the file, or creates it. Messages of entities that <paramref name="topology"/> does not list are left as they are, with a warning.
    /// </summary>
    /// <exception cref="BrokerFileException">Another process has the file open, or it is of another version.</exception>
    public static Task<Broker> OpenAsync(string file, Topology topology, TimeProvider time, ILoggerFactory logs) => Task.Run(() =>
    {
        var opened = BrokerFile.Open(file);
        try
        {
            var broker = new Broker(topology, opened, time, logs.CreateLogger<Broker>());
            broker.Load();
            broker.Commit();
            new Thread(broker.Run) { IsBackground = true, Name = nameof(Broker) }.Start();
            return broker;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    });

    /// <summary>What is under way is finished and written; whoever still waits is refused. The file can be opened again then.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_requests)
        {
            if (!_isDisposed) _requests.CompleteAdding();
            _isDisposed = true;
        }

        await _ended.Task;
        await _alarm.DisposeAsync();
        _requests.Dispose();
    }
}
