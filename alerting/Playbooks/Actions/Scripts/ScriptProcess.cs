using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>Runs one script to its end, or until it is cancelled; either way nothing that it started is left running.</summary>
internal static class ScriptProcess
{
    private const string Mark = "BEACON_SCRIPT";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="Cut">More was printed than is kept.</param>
    /// <param name="Alone">Every process of it is gone.</param>
    public sealed record Answer(int Exit, string Output, string Error, bool Cut, bool Alone);

    /// <param name="most">Bytes of each output that are kept.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and is ended.</exception>
    public static async Task<Answer> RunAsync(IReadOnlyList<string> program, string folder, IReadOnlyDictionary<string, string> environment, string script, int most, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program[0], program.Skip(1)) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var mark = Guid.NewGuid().ToString("N");
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment[Mark] = mark;
        using var process = Process.Start(start)!;
        var session = new ScriptSession(process.Id, $"{Mark}={mark}");
        var (said, complained) = (new Kept(most), new Kept(most));
        var (output, error) = (said.ReadAsync(process.StandardOutput.BaseStream), complained.ReadAsync(process.StandardError.BaseStream));
        bool alone;
        try
        {
            await GiveAsync(process, script, cancellation).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            alone = await session.EndAsync().ConfigureAwait(false);
            // A process that nobody could end may hold an output open.
            await Task.WhenAny(Task.WhenAll(process.WaitForExitAsync(CancellationToken.None), output, error), Task.Delay(Patience, TimeProvider.System, CancellationToken.None)).ConfigureAwait(false);
        }
        return new Answer(process.HasExited ? process.ExitCode : -1, TextOf(output), TextOf(error), said.Cut || complained.Cut, alone);
    }

    private static string TextOf(Task<string> read) => read.IsCompletedSuccessfully ? read.Result : "";

    private static async Task GiveAsync(Process process, string script, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(script), cancellation).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything: its exit code and what it printed say why.
        }
    }

    /// <summary>What is printed up to a ceiling, and a little more, so that whoever masks a secret at the edge sees the whole of it.</summary>
    private sealed class Kept(int most)
    {
        private const int Edge = 16 * 1024;

        public bool Cut { get; private set; }

        public async Task<string> ReadAsync(Stream stream)
        {
            var buffer = new byte[Edge];
            using var text = new MemoryStream();
            long seen = 0;
            int n;
            // Read to its end even when nothing more is kept: a full pipe would stop the script in the middle.
            while ((n = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
            {
                Cut = (seen += n) > most;
                if (text.Length < (long)most + Edge) text.Write(buffer, 0, n);
            }
            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
    }
}
