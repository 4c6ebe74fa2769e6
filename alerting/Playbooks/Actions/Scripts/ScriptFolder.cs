using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>
/// The empty folder in which one script works. It stands within a folder that is Beacon's, so that the account of the script cannot put something else in
/// its place; and it is emptied with the rights of that account, so that no link in it leads Beacon to remove what is elsewhere.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ScriptFolder
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Empty = "exec 2>/dev/null; find . -type d ! -perm -700 -exec chmod u+rwx {} \\; ; exec find . -mindepth 1 -delete";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptAccount _account;
    private readonly DirectoryInfo _around;

    private ScriptFolder(ScriptAccount account, DirectoryInfo around) => (_account, _around) = (account, around);

    public string Path => System.IO.Path.Combine(_around.FullName, "work");

    /// <exception cref="IOException">There is no room, or the account may not have it.</exception>
    public static ScriptFolder Make(ScriptAccount account)
    {
        var folder = new ScriptFolder(account, Directory.CreateTempSubdirectory("beacon-script-"));
        Directory.CreateDirectory(folder.Path, Owner);
        if (account.Changes && ChangeOwner(folder.Path, account.User, account.Group) != 0)
        {
            folder._around.Delete(true);
            throw new IOException($"a folder cannot be given to '{account.Name}'");
        }
        // To be walked through, not to be read.
        File.SetUnixFileMode(folder._around.FullName, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    /// <summary>False where something of it is left.</summary>
    public async Task<bool> RemoveAsync()
    {
        try
        {
            File.SetUnixFileMode(Path, Owner);
            var start = new ProcessStartInfo(_account.Prefix[0], [.. _account.Prefix.Skip(1), "/bin/sh", "-c", Empty]) { WorkingDirectory = Path, RedirectStandardInput = true };
            // Beacon's own environment is nobody else's.
            start.Environment.Clear();
            start.Environment["PATH"] = "/usr/bin:/bin";
            using var emptying = Process.Start(start)!;
            emptying.StandardInput.Close();
            using var clock = new CancellationTokenSource(Patience, TimeProvider.System);
            try
            {
                await emptying.WaitForExitAsync(clock.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                emptying.Kill(true);
            }
            Directory.Delete(Path, false);
            Directory.Delete(_around.FullName, false);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "chown", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
