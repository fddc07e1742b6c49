namespace Atomic.TableStorage.Requests;

/// <summary>What a request to Table Storage asks for. Each is one round trip, and one billed operation.</summary>
public enum RequestKind
{
    PointGet,
    EntityGroupTransaction,
    Insert,
    Update,
    Query,
    CreateTable,
    Other,
}
