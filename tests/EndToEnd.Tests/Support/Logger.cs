using System.Diagnostics;
using System.Globalization;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>util-linux's logger, the client that README names; a socket where it is not installed.</summary>
internal static class Logger
{
    private const string Path = "/usr/bin/logger";

    public static async Task SendAsync(House house, string tag, params IEnumerable<string> texts)
    {
        if (!File.Exists(Path))
        {
            await house.SyslogAsync(texts.Select(t => House.Sshd(Environment.MachineName, t)));
            return;
        }
        foreach (var text in texts)
        {
            var start = new ProcessStartInfo(Path, ["--server", "127.0.0.1", "--port", house.SyslogPort.ToString(CultureInfo.InvariantCulture), "--tcp", "--tag", tag, "--priority", "auth.info", text]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var complaint = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, complaint);
        }
    }
}
