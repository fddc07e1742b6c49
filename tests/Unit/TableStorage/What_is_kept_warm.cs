using Atomic.TableStorage;
using Xunit;

namespace Atomic.Unit.TableStorage;

public sealed class What_is_kept_warm
{
    private readonly WarmCache<string> _cache = new(2);

    [Fact]
    public void Is_what_was_used_last()
    {
        _cache.Put("a", "1");
        _cache.Put("b", "2");
        _cache.Find<string>("a");
        _cache.Put("c", "3");

        Assert.Equal(["1", null, "3"], new[] { "a", "b", "c" }.Select(_cache.Find<string>));
    }

    [Fact]
    public void Is_the_newest_under_its_key()
    {
        _cache.Put("a", "1");
        _cache.Put("a", "2");
        _cache.Put("b", "3");

        Assert.Equal(["2", "3"], new[] { "a", "b" }.Select(_cache.Find<string>));
    }

    [Fact]
    public void Is_gone_once_it_is_in_doubt()
    {
        _cache.Put("a", "1");
        _cache.Evict("a");
        _cache.Evict("never there");

        Assert.Null(_cache.Find<string>("a"));
    }

    [Fact]
    public void Is_nothing_when_it_is_asked_for_as_something_else()
    {
        _cache.Put("a", "1");

        Assert.Null(_cache.Find<object[]>("a"));
    }
}
