using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>All processes of a script: those of its session, and those that left it and still carry its mark in their environment.</summary>
/// <param name="session">Process that leads it.</param>
/// <param name="mark">"NAME=value", as only processes of this script have it.</param>
internal sealed class ScriptSession(int session, string mark)
{
    private const int Kill = 9;
    private const int Rounds = 200;
    private const int MaxEnvironment = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly byte[] _mark = Encoding.UTF8.GetBytes(mark + "\0");

    /// <summary>Kills them until none is left.</summary>
    /// <returns>False where some are left all the same.</returns>
    public async Task<bool> EndAsync()
    {
        // At once, before any of them can part from the others.
        _ = Signal(-session, Kill);
        for (var round = 0; round < Rounds; round++)
        {
            var found = 0;
            foreach (var id in Directory.EnumerateDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0).Where(n => n > 1 && n != Environment.ProcessId))
            {
                if (!IsOurs(id)) continue;
                found++;
                _ = Signal(id, Kill);
            }
            if (found == 0) return true;
            // The machine's own time: what dies does not wait for a clock that is set.
            await Task.Delay(Pause, TimeProvider.System).ConfigureAwait(false);
        }
        return false;
    }

    private bool IsOurs(int id)
    {
        try
        {
            // "id (name) state parent group session": a name may have any characters in it.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var rest = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (rest.Length < 4 || rest[0] is "Z" or "X") return false;
            return rest[3] == session.ToString(CultureInfo.InvariantCulture) || HasMark(id);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or somebody else's.
            return false;
        }
    }

    private bool HasMark(int id)
    {
        using var file = File.OpenRead($"/proc/{id}/environ");
        var buffer = new byte[4096];
        using var text = new MemoryStream();
        int n;
        while (text.Length < MaxEnvironment && (n = file.Read(buffer)) > 0) text.Write(buffer, 0, n);
        return text.GetBuffer().AsSpan(0, (int)text.Length).IndexOf(_mark) >= 0;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
