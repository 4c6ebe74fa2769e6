using System.Globalization;
using Beacon.Web.Demo;

namespace Beacon.Web.Commands.Bench.Consoles;

/// <summary>Lines that each raise an alert of their own: another machine, another account, two rules by turns.</summary>
internal static class BurstLines
{
    public static string Next(long n, DateTimeOffset now)
    {
        var host = string.Create(CultureInfo.InvariantCulture, $"burst-{n:00000}");
        return n % 2 == 0
            ? DemoStory.Syslog(now, host, "sudo", $"user-{host} : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/user-{host} ; USER=root ; COMMAND=/usr/bin/id", 85)
            : DemoStory.Syslog(now, host, "sshd[811]", string.Create(CultureInfo.InvariantCulture, $"Accepted password for svc-{host} from 198.18.{n / 250 % 250}.{n % 250 + 1} port 40122 ssh2"), 38);
    }
}
