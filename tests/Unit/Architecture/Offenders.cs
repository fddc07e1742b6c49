using Xunit;

namespace Atomic.Unit.Architecture;

internal static class Offenders
{
    public static void None(string rule, IEnumerable<string> found)
    {
        var offenders = found.Distinct().ToList();
        Assert.True(offenders.Count == 0, $"{rule}\n  {string.Join("\n  ", offenders)}");
    }
}
