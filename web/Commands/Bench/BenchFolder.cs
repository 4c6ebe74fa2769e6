using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>A temporary folder that is gone at the end.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo _folder;

    /// <param name="parent">Where to make it; the system's folder of temporary files where it is null.</param>
    /// <exception cref="CommandException">It can't be made there.</exception>
    public BenchFolder(string? parent)
    {
        const string prefix = "beacon-bench-";
        try
        {
            if (parent is null) _folder = Directory.CreateTempSubdirectory(prefix);
            else if (!Directory.Exists(parent)) throw new CommandException($"{parent} does not exist.");
            else _folder = Directory.CreateDirectory(System.IO.Path.Combine(parent, prefix + Guid.NewGuid().ToString("N")[..12]));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"No temporary folder can be made in {parent ?? System.IO.Path.GetTempPath()}: {fault.Message}");
        }
    }

    public string Path => _folder.FullName;

    public void Dispose()
    {
        if (_folder.Exists) _folder.Delete(recursive: true);
    }
}
