namespace Beacon.Web.Hosting;

/// <summary>The folder of all state: made private to its owner, and held by one process at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }
    public string StateFile => System.IO.Path.Combine(Path, "beacon.db");
    public string Spool => System.IO.Path.Combine(Path, "spool");
    public string Events => System.IO.Path.Combine(Path, "events");
    public string Rules => System.IO.Path.Combine(Path, "rules");
    public string Playbooks => System.IO.Path.Combine(Path, "playbooks");
    public string Keys => System.IO.Path.Combine(Path, "keys");
    public string Settings => System.IO.Path.Combine(Path, "beacon.json");

    /// <exception cref="CommandException">The folder can't be used, or another process holds it.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(path))
            {
                if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
                else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            var held = new FileStream(System.IO.Path.Combine(path, "beacon.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataDirectory(path, held);
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandException($"{path} can't be written to. Choose another folder with --data DIR.");
        }
        catch (IOException fault)
        {
            throw new CommandException($"{path} can't be used: {fault.Message} Is Beacon running on it already?");
        }
    }

    public void Dispose() => _lock.Dispose();
}
