namespace Atomic.Unit.AzureApi.Planted;

public abstract class Client(string name) : IAsyncDisposable
{
    public string Name { get; } = name;

    public virtual string? Hub { get; protected set; }

    protected abstract int Retries { get; init; }

    public abstract ValueTask DisposeAsync();

    public abstract Task<string> StartAsync<T>(T input, TimeSpan? delay = null, CancellationToken cancellation = default)
        where T : class, IDisposable, new();

    public virtual Task PurgeAsync(int pageSize = 100, bool recursive = true, string? prefix = null, DayOfWeek day = DayOfWeek.Monday) =>
        Task.CompletedTask;

    public override string ToString() => Name;

    protected internal virtual bool TryTake(in int first, ref int second, out int[] third)
    {
        third = [];
        return false;
    }
}

public sealed class Subclient() : Client("sub")
{
    public const double Factor = 1.5;

    public static readonly TimeSpan Wait;

    public event Func<Subclient, Task>? Closing;

    public required IReadOnlyDictionary<string, int?> Settings { get; init; }

    public object this[string key] => key;

    protected override int Retries { get; init; }

    public sealed override ValueTask DisposeAsync() => new(Closing?.Invoke(this) ?? Task.CompletedTask);

    public override Task<string> StartAsync<T>(T input, TimeSpan? delay = null, CancellationToken cancellation = default) =>
        Task.FromResult(Name);

    public static implicit operator string(Subclient client) => client.Name;

    public struct Options
    {
        public int Size { readonly get; set; }
    }
}

public record class Person(string Name, int Age = 3) : IServiceProvider
{
    public IDictionary<string, string>? Tags { get; init; }

    public object? GetService(Type serviceType) => null;
}

public sealed record class Employee(string Name) : Person(Name)
{
    public override string ToString() => Name;
}

public readonly record struct Id(string Value)
{
    public override string ToString() => Value;
}

public readonly struct Name : IEquatable<Name>
{
    public bool Equals(Name other) => true;

    public override bool Equals(object? obj) => obj is Name;

    public override int GetHashCode() => 0;

    public static bool operator ==(Name left, Name right) => left.Equals(right);

    public static bool operator !=(Name left, Name right) => !left.Equals(right);
}

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false, AllowMultiple = true)]
public sealed class MarkAttribute(params string[] marks) : Attribute
{
    public string[] Marks { get; } = marks;
}

public delegate Task<bool> Handler(Person person, CancellationToken cancellation);

public interface IBag<T> : IEnumerable<T>
{
    T First { set; }

    void Put(T item);
}

public enum Level
{
    Low = 1,
    High = 5,
}

public static class Extensions
{
    public static int Count<T>(this IBag<T> bag, params T[] others) => bag.Count() + others.Length;
}
