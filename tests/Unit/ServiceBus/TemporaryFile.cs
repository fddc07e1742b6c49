namespace Atomic.Unit.ServiceBus;

/// <summary>A path of its own in the folder for temporary files, of which nothing is left once it is deleted.</summary>
internal sealed class TemporaryFile
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atomic-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "file");

    public void Delete() => _folder.Delete(recursive: true);
}
