using System.Globalization;

namespace Atomic.LocalHost.Azurite;

internal static class Progress
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>Waits for <paramref name="work"/>; says what it waits for after two seconds, and every five from then on.</summary>
    public static Task<T> TellAsync<T>(Task<T> work, string what, Action<string> progress, TimeProvider time) =>
        TellAsync(work, () => what, progress, time);

    /// <summary>Waits for <paramref name="work"/>; says how far it is after two seconds, and every five from then on.</summary>
    public static async Task<T> TellAsync<T>(Task<T> work, Func<string> what, Action<string> progress, TimeProvider time)
    {
        await TellAsync((Task)work, what, progress, time);
        return await work;
    }

    /// <summary>Waits for <paramref name="work"/>; says what it waits for after two seconds, and every five from then on.</summary>
    public static Task TellAsync(Task work, string what, Action<string> progress, TimeProvider time) => TellAsync(work, () => what, progress, time);

    private static async Task TellAsync(Task work, Func<string> what, Action<string> progress, TimeProvider time)
    {
        var began = time.GetTimestamp();
        for (var pause = First; ; pause = Later)
        {
            using var enough = new CancellationTokenSource();
            var first = await Task.WhenAny(work, Task.Delay(pause, time, enough.Token));
            await enough.CancelAsync();
            if (first == work)
            {
                await work;
                return;
            }

            progress(string.Create(CultureInfo.InvariantCulture, $"{what()} ({time.GetElapsedTime(began).TotalSeconds:0} s)"));
        }
    }
}
