using System.Text.Json;
using Atomic.EventSourcing;
using Atomic.Functions.Choreography;
using Atomic.Functions.Orchestration;
using Atomic.Transactions;
using Moq;
using Xunit;

namespace Atomic.Unit.Coordination;

public sealed class What_a_step_remembers
{
    private static readonly TransactionHeader Transaction = new("t", "place-order", 1, Coupling.Events, JsonSerializer.SerializeToElement("{}"));

    private readonly Mock<IReadModelStore> _rows = new(MockBehavior.Strict);

    // One process remembered that nothing was parked, another had parked it since: the retry succeeded, and it was shown as parked for ever.
    [Fact]
    public async Task What_another_process_has_parked_is_cleared_by_one_that_remembers_an_older_row()
    {
        var parked = new ParkedStep(Act.Do, "Broken.", DateTimeOffset.UnixEpoch, new StepOrder(Transaction, "s", StepOrderKind.Hear));
        Stands(fresh: false, new StepNotes([], null, false), "1");
        Stands(fresh: true, new StepNotes([], parked, false), "2");
        _rows.Setup(rows => rows.WriteAsync(
                StepMemory.Table, It.Is<Row<StepNotes>>(row => row.Tag == "2" && row.Data.Parked == null), It.IsAny<IReadOnlyDictionary<string, string>>(), default))
            .ReturnsAsync(true);

        await new StepMemory(_rows.Object).ChangeAsync(
            Transaction, "s", notes => notes.Parked is null ? notes : notes with { Parked = null }, CancellationToken.None);

        _rows.Verify(rows => rows.WriteAsync(
            StepMemory.Table, It.IsAny<Row<StepNotes>>(), It.IsAny<IReadOnlyDictionary<string, string>>(), default), Times.Once);
    }

    [Fact]
    public async Task What_is_not_changed_is_not_written_and_asked_for_only_once_more()
    {
        Stands(fresh: false, new StepNotes([], null, true), "1");
        Stands(fresh: true, new StepNotes([], null, true), "1");

        var notes = await new StepMemory(_rows.Object).ChangeAsync(Transaction, "s", notes => notes, CancellationToken.None);

        Assert.True(notes.AwaitsDecision);
        _rows.Verify(rows => rows.FindAsync<StepNotes>(StepMemory.Table, "t:s", It.IsAny<bool>(), default), Times.Exactly(2));
    }

    private void Stands(bool fresh, StepNotes notes, string tag) => _rows
        .Setup(rows => rows.FindAsync<StepNotes>(StepMemory.Table, "t:s", fresh, default))
        .ReturnsAsync(new Row<StepNotes>("t:s", notes, new Dictionary<string, long>(), tag));
}
