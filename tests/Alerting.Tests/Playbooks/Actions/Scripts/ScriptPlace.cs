namespace Beacon.Alerting.Tests.Playbooks.Actions.Scripts;

/// <summary>A folder that every account may enter and write to, with a PATH of its own before the machine's.</summary>
public sealed class ScriptPlace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-scripts-");

    public ScriptPlace()
    {
        Directory.CreateDirectory(At("bin"));
        Open(_folder.FullName);
        Open(At("bin"));
    }

    /// <summary>The account that scripts of a test run as: nobody's for root, else one's own.</summary>
    public static string Account => Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName;

    public string Folder => _folder.FullName;
    public string At(string name) => Path.Combine(_folder.FullName, name);

    public AlertingOptions Options(Action<AlertingOptions>? more = null)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("scripts run on Linux only");
        if (!File.Exists("/usr/bin/setpriv") && !File.Exists("/bin/setpriv")) Assert.Skip("no setpriv: apt-get install util-linux");
        var options = new AlertingOptions();
        options.Scripts.Bash = true;
        options.Scripts.PowerShell = true;
        options.Scripts.User = Account;
        options.Scripts.Path = At("bin") + ":/usr/bin:/bin";
        more?.Invoke(options);
        return options;
    }

    public void Program(string name, string text)
    {
        File.WriteAllText(Path.Combine(At("bin"), name), text);
        Open(Path.Combine(At("bin"), name));
    }

    public void Dispose()
    {
        // What scripts of another account made here is removed by whoever owns the folder.
        _folder.Delete(true);
    }

    private static void Open(string path)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)511);
    }
}
