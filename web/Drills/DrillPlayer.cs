using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Beacon.Alerting.Playbooks.Drills;

namespace Beacon.Web.Drills;

/// <summary>Sends a drill's events to the receivers of its own Beacon.</summary>
internal sealed class DrillPlayer(string address, int syslogPort, string authorization, TimeProvider clock)
{
    /// <summary>When the first line was sent.</summary>
    public DateTimeOffset? FirstAt { get; private set; }

    public int Sent { get; private set; }

    public async Task PlayAsync(Drill drill, CancellationToken cancellation)
    {
        using var http = new HttpClient(new HttpClientHandler { UseProxy = false }) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        using var syslog = new TcpClient();
        if (drill.Events.Any(e => e.Channel == DrillChannel.Syslog)) await syslog.ConnectAsync("127.0.0.1", syslogPort, cancellation);
        foreach (var one in drill.Events)
        {
            if (one.After > 0) await Task.Delay(TimeSpan.FromMilliseconds(one.After), clock, cancellation);
            var lines = new StringBuilder();
            for (var n = 1; n <= one.Times; n++)
            {
                if (one.Channel == DrillChannel.Bulk) lines.Append("{\"create\":{\"_index\":\"drill\"}}\n");
                lines.Append(Filled(one.Line, clock.GetUtcNow(), n)).Append('\n');
            }
            FirstAt ??= clock.GetUtcNow();
            Sent += one.Times;
            if (one.Channel == DrillChannel.Syslog) await syslog.GetStream().WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellation);
            else await PostAsync(http, one.Channel == DrillChannel.Bulk ? "/_bulk" : "/ingest/http", lines, cancellation);
        }
    }

    internal static string Filled(string line, DateTimeOffset time, int n)
    {
        var utc = time.UtcDateTime;
        return line.Replace("%ISO%", utc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%UNIX%", ((time - DateTimeOffset.UnixEpoch).TotalSeconds + n / 1e6).ToString("0.000000", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%SYSLOG%", string.Create(CultureInfo.InvariantCulture, $"{utc:MMM} {utc.Day,2} {utc:HH:mm:ss}"), StringComparison.Ordinal)
            .Replace("%CLF%", utc.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%N%", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static async Task PostAsync(HttpClient http, string path, StringBuilder body, CancellationToken cancellation)
    {
        using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
