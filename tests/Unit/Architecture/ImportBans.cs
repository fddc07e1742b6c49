using System.Reflection;
using Atomic.Testing;
using Xunit;

namespace Atomic.Unit.Architecture;

/// <summary>Who imports whom, in the project files, in what was compiled, and in the source.</summary>
public sealed class ImportBans
{
    private static readonly IReadOnlyList<SourceFile> Sources = SourceFile.In("src");

    // What the runtime itself brings: the assemblies beside System.Private.CoreLib.
    private static readonly HashSet<string> BaseLibrary =
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll").Select(path => Path.GetFileNameWithoutExtension(path))];

    public static TheoryData<string> Projects => new(ProjectNames());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Hold_for_project_files(string project) =>
        Offenders.None("A project refers to what the house does not allow it:", ImportRules.OfProject(project, Repository.Read($"src/{project}/{project}.csproj")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Hold_for_what_was_compiled(string project) =>
        Offenders.None("An assembly refers to what the house does not allow it:",
            ImportRules.OfAssembly(project, Assembly.Load($"Atomic.{project}").GetReferencedAssemblies().Select(reference => reference.Name!), BaseLibrary));

    [Fact]
    public void Hold_for_every_project_of_the_house() =>
        Assert.Equal(House.Projects.Keys.Order(StringComparer.Ordinal), ProjectNames().Order(StringComparer.Ordinal));

    [Fact]
    public void Leave_tables_SQLite_and_the_local_host_to_one_project_each() =>
        Offenders.None("A name is used outside the project that owns it:", ImportRules.OfOwnedNames(Sources));

    [Fact]
    public void Keep_pure_code_to_the_base_library() =>
        Offenders.None("Pure code uses more than the base library:", ImportRules.OfPureCode(Sources));

    [Fact]
    public void Keep_contexts_from_each_other_and_from_transactions() =>
        Offenders.None("A context names another, or Transactions:", ImportRules.OfContexts(Sources));

    [Fact]
    public void Keep_function_classes_ordinary() =>
        Offenders.None("A function class is not an ordinary isolated-worker class:", ImportRules.OfFunctions(Sources));

    [Fact]
    public void Keep_files_in_their_namespace() =>
        Offenders.None("A file is outside the namespace of its folder:", ImportRules.OfNamespaces(Sources));

    private static IEnumerable<string> ProjectNames() => Repository.Files("src", "*.csproj").Select(path => path.Split('/')[1]);
}
