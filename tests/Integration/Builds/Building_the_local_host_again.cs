using Atomic.Testing;
using Xunit;

namespace Atomic.Integration.Builds;

/// <summary>When a build of the local host asks its projects for anything. Here it is one small project, which notes what it is asked.</summary>
public sealed class Building_the_local_host_again : IAsyncLifetime, IDisposable
{
    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Asked>$(MSBuildProjectDirectory)/../../asked</Asked>
          </PropertyGroup>
          <Target Name="NoteRestore" BeforeTargets="_GenerateRestoreGraph"><WriteLinesToFile File="$(Asked)" Lines="restore" /></Target>
          <Target Name="NoteBuild" BeforeTargets="BeforeBuild"><WriteLinesToFile File="$(Asked)" Lines="build" /></Target>
        </Project>
        """;

    private const string Source = "src/Other/Source.cs";
    private const string Output = "src/LocalHost/bin/Debug/net10.0/LocalHost.dll";

    private static readonly string[] Both = ["restore", "build"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("atomic-build-");

    private string Asked => Path.Combine(_root.FullName, "asked");

    public async Task InitializeAsync()
    {
        foreach (var targets in Repository.Files("src/LocalHost", "*.targets"))
        {
            Write(targets, Repository.Read(targets));
        }

        Write("src/Directory.Build.targets", "<Project />");
        Write("src/LocalHost/LocalHost.csproj", Project);
        Write("src/LocalHost/Program.cs", "public sealed class Program;");
        Write(Source, "public sealed class Source;");
        Assert.Equal(Both, await BuildAsync());
    }

    [Fact]
    public async Task Asks_its_projects_where_something_was_written_or_deleted_and_only_there()
    {
        Assert.Empty(await BuildAsync());
        foreach (var written in new[] { Source, "src/Other/New.cs", "infra/service-bus.json", ".editorconfig" })
        {
            Write(written, "");
            Assert.Equal(Both, await BuildAsync());
        }

        Assert.Empty(await BuildAsync());
        foreach (var deleted in new[] { Source, Output })
        {
            Delete(deleted);
            Assert.Equal(Both, await BuildAsync());
        }

        Delete("src/LocalHost/obj/project.assets.json");
        Assert.Equal(["restore"], await BuildAsync());
    }

    [Fact]
    public async Task Asks_them_again_after_a_failure()
    {
        Write("src/LocalHost/Program.cs", "nothing that compiles");
        await Assert.ThrowsAsync<InvalidOperationException>(BuildAsync);

        await Assert.ThrowsAsync<InvalidOperationException>(BuildAsync);

        Assert.Equal(Both, File.ReadLines(Asked));
    }

    [Fact]
    public async Task Does_what_it_is_told()
    {
        Assert.Equal(["build"], await AskedAsync("build", "--no-restore", "--no-incremental"));
        Assert.Equal(["restore"], await AskedAsync("restore", "--force"));
        await AskedAsync("clean");
        Assert.Equal(["build"], await AskedAsync("build", "--no-restore"));
        Assert.True(File.Exists(Path.Combine(_root.FullName, Output)));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _root.Delete(recursive: true);

    private Task<IReadOnlyList<string>> BuildAsync() => AskedAsync("build");

    private async Task<IReadOnlyList<string>> AskedAsync(string command, params string[] options)
    {
        File.Delete(Asked);
        await Dotnet.RunAsync(_root.FullName, [command, "src/LocalHost", "-nodeReuse:false", .. options]);
        return File.Exists(Asked) ? File.ReadAllLines(Asked) : [];
    }

    private void Delete(string path) => File.Delete(Path.Combine(_root.FullName, path));

    private void Write(string path, string text)
    {
        var file = new FileInfo(Path.Combine(_root.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
    }
}
