using System.Globalization;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>With whose rights a script runs, and how they are taken on.</summary>
/// <param name="Changes">True where Beacon runs as root and gives its rights up; false where it has only these.</param>
/// <param name="Prefix">What stands before a program: a session of its own, the account, no way to more rights.</param>
internal sealed record ScriptAccount(string Name, uint User, uint Group, bool Changes, IReadOnlyList<string> Prefix)
{
    private static readonly string[] System = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    /// <summary>The account of that name, or why a script cannot run as it.</summary>
    /// <param name="root">Whether Beacon runs as root.</param>
    /// <param name="self">Account of Beacon itself.</param>
    public static (ScriptAccount? Account, Phrase? Fault) Of(string name, bool root, string self, string passwords = "/etc/passwd")
    {
        if (ScriptShell.Find("setsid", System) is not { } session || ScriptShell.Find("setpriv", System) is not { } rights) return (null, "setsid and setpriv (util-linux) are wanted to take rights away, and are not there");
        if (Line(name, passwords) is not [_, _, var user, var group, ..] || !uint.TryParse(user, CultureInfo.InvariantCulture, out var uid) || !uint.TryParse(group, CultureInfo.InvariantCulture, out var gid))
            return (null, $"there is no account '{name}' in {passwords} (Alerting:Scripts:User)");
        if (uid == 0) return (null, $"'{name}' is root, as which no script runs: name another account with Alerting:Scripts:User");
        if (root)
            return (new ScriptAccount(name, uid, gid, true, [session, rights, string.Create(CultureInfo.InvariantCulture, $"--reuid={uid}"), string.Create(CultureInfo.InvariantCulture, $"--regid={gid}"), "--clear-groups", "--inh-caps=-all", "--no-new-privs", "--"]), null);
        return name == self ? (new ScriptAccount(name, uid, gid, false, [session, rights, "--no-new-privs", "--"]), null)
            : (null, $"Beacon runs as '{self}' and cannot become '{name}': start it as root, or set Alerting:Scripts:User to '{self}' where scripts may read and do all that Beacon may");
    }

    private static string[]? Line(string name, string file)
    {
        try
        {
            return File.ReadLines(file).Select(l => l.Split(':')).FirstOrDefault(l => l[0] == name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
