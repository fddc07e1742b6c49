using System.Diagnostics;
using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Delivery;

/// <summary>The repository and all that it ever held.</summary>
public sealed class No_secret
{
    private const string Key64 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwx";

    [Fact]
    public async Task Is_in_the_tree()
    {
        var files = (await GitAsync("ls-files", "--cached", "--others", "--exclude-standard")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(Repository.PathOf(path)));

        Assert.Empty(from path in files from line in File.ReadLines(Repository.PathOf(path)) from secret in Secrets.In(line) select $"{path}: {secret}");
    }

    // A merge has lines of its own, where a conflict was resolved. Where only a part of the history was fetched, that part is looked at; the
    // build, which everything passes through, has all of it.
    [Fact]
    public async Task Was_ever_in_the_history()
    {
        var isShallow = (await GitAsync("rev-parse", "--is-shallow-repository")).Trim() == "true";
        Assert.False(isShallow && Environment.GetEnvironmentVariable("CI") is { Length: > 0 }, "The history is not here: check it out whole (fetch-depth: 0).");

        var added = (await GitAsync("log", "--all", "--cc", "--patch", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--format=commit %H"))
            .Split('\n').Where(line => line.StartsWith('+')).ToList();

        Assert.NotEmpty(added);
        Assert.Empty(added.SelectMany(Secrets.In).Distinct());
    }

    // In two parts each, so that this file does not hold what it looks for.
    [Theory]
    [InlineData("AccountKey", "=c29tZXRoaW5nIHNlY3JldA==;EndpointSuffix=core.windows.net")]
    [InlineData("SharedAccess", "Key=c29tZXRoaW5nIHNlY3JldA==")]
    [InlineData("\"primary", "\": \"x\", \"PrimaryKey\": \"c29tZXRoaW5nIHNlY3JldA==\"")]
    [InlineData("https://a.blob.example/b?sv=2024&si", "g=c29tZXRoaW5n%2BIHNlY3JldA%3D")]
    [InlineData("-----BEGIN RSA PRIV", "ATE KEY-----")]
    [InlineData("-----BEGIN PRIV", "ATE KEY-----")]
    [InlineData("\"passw", "ord\": \"correct-horse\"")]
    [InlineData("client_sec", "ret='correct-horse'")]
    [InlineData("abc8", "Q~abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("var key = \"" + Key64, "==\";")]
    public void Passes_unseen(string first, string second) => Assert.NotEmpty(Secrets.In(first + second));

    [Theory]
    [InlineData("AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==")]
    [InlineData("Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;")]
    [InlineData("allowSharedKeyAccess: false")]
    [InlineData("PartitionKey = {hash2}!{streamId}")]
    public void Is_seen_in_what_anybody_may_know(string line) => Assert.Empty(Secrets.In(line));

    private static async Task<string> GitAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {arguments[0]} exited with {git.ExitCode}");
    }
}
