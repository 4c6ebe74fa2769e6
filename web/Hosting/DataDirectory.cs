namespace Beacon.Web.Hosting;

/// <summary>The folder of all state: made private to its owner, and held by one process at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }
    /// <summary>The state database.</summary>
    public string StateFile => System.IO.Path.Combine(Path, "beacon.db");
    /// <summary>Folder of the spool.</summary>
    public string Spool => System.IO.Path.Combine(Path, "spool");
    /// <summary>Folder of the event store.</summary>
    public string Events => System.IO.Path.Combine(Path, "events");
    /// <summary>Folder of the installation's own rules.</summary>
    public string Rules => System.IO.Path.Combine(Path, "rules");
    /// <summary>The file with the values of placeholders in rules; it need not exist.</summary>
    public string Placeholders => System.IO.Path.Combine(Path, "placeholders.yml");
    /// <summary>Folder of indicators; it need not exist.</summary>
    public string Indicators => System.IO.Path.Combine(Path, "indicators");
    /// <summary>Folder of the installation's own processing pipelines.</summary>
    public string Pipelines => System.IO.Path.Combine(Path, "pipelines");
    /// <summary>Folder of the installation's own playbooks.</summary>
    public string Playbooks => System.IO.Path.Combine(Path, "playbooks");
    /// <summary>Folder of the keys that protect cookies.</summary>
    public string Keys => System.IO.Path.Combine(Path, "keys");
    /// <summary>The file of keys that secrets are sealed with, unless settings name another.</summary>
    public string SecretKeys => SecretKeysIn(Path);
    /// <summary>The file of settings; it need not exist.</summary>
    public string Settings => System.IO.Path.Combine(Path, "beacon.json");

    /// <summary>Name of this node among others: the machine's at first, with digits; it stays with the folder.</summary>
    public string NodeName
    {
        get
        {
            if (NodeNameIn(Path) is { } known) return known;
            var machine = Environment.MachineName.ToLowerInvariant();
            var name = $"{(machine.Length > 48 ? machine[..48] : machine)}-{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4))}";
            File.WriteAllText(System.IO.Path.Combine(Path, "node"), name);
            return name;
        }
    }

    /// <summary>The name of the node whose folder it is, or null where none was started on it.</summary>
    public static string? NodeNameIn(string folder)
    {
        var file = System.IO.Path.Combine(folder, "node");
        return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 and <= 100 } name ? name : null;
    }

    /// <summary>The file of anchors of hash chains, unless settings name another.</summary>
    public static string AnchorsIn(string folder) => System.IO.Path.Combine(folder, "anchors.log");

    /// <summary>The folder of evidence, unless settings name another.</summary>
    public static string EvidenceIn(string folder) => System.IO.Path.Combine(folder, "evidence");

    public static string SecretKeysIn(string folder) => System.IO.Path.Combine(folder, "secrets.key");

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
