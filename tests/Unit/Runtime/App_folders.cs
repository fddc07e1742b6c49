using Atomic.LocalHost.CommandLine;
using Atomic.LocalHost.Runtime;
using Atomic.Testing;
using Xunit;

namespace Atomic.Unit.Runtime;

public sealed class App_folders : IDisposable
{
    private readonly DirectoryInfo _elsewhere = Directory.CreateTempSubdirectory("atomic-elsewhere-");

    [Fact]
    public void Are_found_upward_from_the_binaries_wherever_the_user_stands() =>
        Assert.Equal(Repository.Root, AppFolder.Find(null, [AppContext.BaseDirectory, _elsewhere.FullName]).Path);

    [Fact]
    public void Are_found_upward_from_the_current_folder_when_the_binaries_are_elsewhere() =>
        Assert.Equal(Repository.Root, AppFolder.Find(null, [_elsewhere.FullName, Repository.PathOf("src/LocalHost")]).Path);

    [Fact]
    public void Are_asked_for_when_there_is_none() =>
        Assert.Contains("--root", Assert.Throws<StartupException>(() => AppFolder.Find(null, [_elsewhere.FullName])).Message, StringComparison.Ordinal);

    [Fact]
    public void Are_taken_as_given_and_not_looked_for_above()
    {
        var given = Repository.PathOf("src");

        Assert.Contains(given, Assert.Throws<StartupException>(() => AppFolder.Find(given, [AppContext.BaseDirectory])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_the_users_own_settings_before_the_sample()
    {
        File.WriteAllText(Path.Combine(_elsewhere.FullName, "local.settings.sample.json"), """{ "Host": { "LocalHttpPort": 1 } }""");
        var folder = new AppFolder(_elsewhere.FullName);
        Assert.Equal(1, folder.ReadAppSettings().Port);

        File.WriteAllText(Path.Combine(_elsewhere.FullName, "local.settings.json"), """{ "Host": { "LocalHttpPort": 2 } }""");

        Assert.Equal(2, folder.ReadAppSettings().Port);
    }

    public void Dispose() => _elsewhere.Delete(recursive: true);
}
