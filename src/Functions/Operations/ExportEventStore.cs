using Atomic.TableStorage.Export;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Atomic.Functions.Operations;

public sealed class ExportEventStoreFunction(EventStoreExport export, ILogger<ExportEventStoreFunction> logger)
{
    /// <summary>At 02:00, 03:00 and 04:00 UTC: the later runs go on where an earlier one was cut off, and otherwise find nothing to do.</summary>
    [Function(nameof(ExportEventStore))]
    public async Task ExportEventStore([TimerTrigger("0 0 2-4 * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (await export.RunAsync(cancellation) is { } exported) Logs.EventStoreExported(logger, exported.Rows, exported.Tables.Count, exported.Day);
    }
}
