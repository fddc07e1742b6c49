using Atomic.LocalHost.ServiceBus.Entities;

namespace Atomic.LocalHost.ServiceBus.Storage;

internal sealed partial class BrokerFile
{
    /// <summary>Writes all changes or none.</summary>
    public void Commit(Changes changes)
    {
        _statements.Begin.Run();
        try
        {
            foreach (var entity in changes.Entities) _statements.SaveEntity.Run(entity.Id, entity.Path, entity.LastSequence);
            foreach (var message in changes.Messages) Write(message);
            foreach (var ((entity, id), state) in changes.SessionStates) WriteSession(entity, id, state);
            foreach (var ((entity, id), at) in changes.SeenIds) WriteSeen(entity, id, at);
            _statements.Commit.Run();
        }
        catch
        {
            // Nothing to roll back when SQLite has done so itself, as it does when the disk is full.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0) _statements.Rollback.Run();
            throw;
        }

        foreach (var message in changes.Messages) message.StoredContent = message.IsGone ? null : message.Content;
    }

    private void Write(Message message)
    {
        if (message.StoredContent is null)
        {
            if (!message.IsGone) Insert(message);
        }
        else if (message.IsGone)
        {
            _statements.DeleteMessage.Run(message.Row);
        }
        else
        {
            _statements.UpdateMessage.Run(message.Row, message.IsDead, message.IsDeferred, message.Deliveries);
            if (!ReferenceEquals(message.StoredContent, message.Content)) _statements.UpdateContent.Run(message.Row, message.Content.Stored);
        }
    }

    private void Insert(Message message) => _statements.InsertMessage.Run(
        message.Row,
        message.Entity.Id,
        message.IsDead,
        message.IsDeferred,
        message.Sequence,
        message.EnqueuedSequence,
        message.Enqueued.UtcTicks,
        message.Due?.UtcTicks,
        message.TimeToLive.Ticks,
        message.Deliveries,
        message.Content.Stored);

    private void WriteSession(int entity, string id, byte[]? state)
    {
        if (state is null)
            _statements.DeleteSession.Run(entity, id);
        else
            _statements.SaveSession.Run(entity, id, state);
    }

    private void WriteSeen(int entity, string id, DateTimeOffset? at)
    {
        if (at is { } time)
            _statements.SaveSeen.Run(entity, id, time.UtcTicks);
        else
            _statements.DeleteSeen.Run(entity, id);
    }
}
