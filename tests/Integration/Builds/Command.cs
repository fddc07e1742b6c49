using System.Diagnostics;

namespace Atomic.Integration.Builds;

/// <summary>A program that is run to its end, and does not outlive the one who waits for it.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="patience">How long it may take; five minutes unless told.</param>
    /// <exception cref="OperationCanceledException">It took longer, and was killed.</exception>
    public static async Task<Outcome> RunAsync(ProcessStartInfo start, TimeSpan? patience = null)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(patience ?? Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Outcome($"{start.FileName} {string.Join(' ', start.ArgumentList)}", process.ExitCode, await output, await errors);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    public sealed record Outcome(string Line, int ExitCode, string Output, string Errors)
    {
        /// <summary>What it printed.</summary>
        /// <exception cref="InvalidOperationException">It failed. The message has what it printed.</exception>
        public string Succeeded => ExitCode == 0 ? Output : throw new InvalidOperationException($"{Line} exited with {ExitCode}: {Output}{Errors}");
    }
}
