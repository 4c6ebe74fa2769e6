using System.Diagnostics;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Scripts;

/// <summary>Root's tests of scripts once more as an account that is not root's.</summary>
public sealed class OtherAccountTests
{
    [Fact]
    public async Task Scripts_WhereBeaconIsNotRoot_PassTheSameTests()
    {
        if (!Environment.IsPrivilegedProcess) Assert.Skip("the tests themselves do not run as root");
        using var place = new ScriptPlace();
        _ = place.Options();
        var program = typeof(OtherAccountTests).Assembly.Location;
        var start = new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--", Environment.ProcessPath!, .. Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? new[] { program } : [],
            "--filter-class", "*.ScriptActionTests", "--progress", "off", "--no-ansi", "--results-directory", place.Folder]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = place.Folder };
        start.Environment["HOME"] = start.Environment["TMPDIR"] = place.Folder;
        using var tests = Process.Start(start)!;
        var (output, error) = (tests.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), tests.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await tests.WaitForExitAsync(TestContext.Current.CancellationToken);
        // Where the build lies may be closed to others.
        if ((await error).Contains("ermission denied", StringComparison.Ordinal)) Assert.Skip("another account may not read the tests' folder");
        Assert.True(tests.ExitCode == 0, await output + await error);
        Assert.Contains("failed: 0", await output, StringComparison.Ordinal);
        Assert.DoesNotContain("succeeded: 0", await output, StringComparison.Ordinal);
    }
}
