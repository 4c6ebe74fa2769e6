using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Beacon.Web.Demo;

/// <summary>Plays the story into a running Beacon through its real receivers: syslog over TCP, the bulk API, NDJSON over HTTP.</summary>
internal sealed class DemoPlayer(string address, int syslogPort, string authorization, TimeProvider clock, double speed = 1)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>When the first line of the intrusion was sent.</summary>
    public DateTimeOffset? FirstAttackAt { get; private set; }

    public long Sent { get; private set; }

    public async Task PlayAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(20) };
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        using var syslog = new TcpClient();
        await syslog.ConnectAsync("127.0.0.1", syslogPort, cancellation);
        var stream = syslog.GetStream();

        var begun = clock.GetTimestamp();
        var steps = DemoStory.Steps();
        for (var at = 0; at < steps.Count;)
        {
            var until = clock.GetElapsedTime(begun).TotalSeconds * speed;
            var now = clock.GetUtcNow();
            StringBuilder lines = new(), bulk = new(), zeek = new();
            for (; at < steps.Count && steps[at].At <= until; at++)
            {
                var step = steps[at];
                var line = step.Line(now);
                if (step.Channel == DemoChannel.Windows) bulk.Append("{\"create\":{\"_index\":\"winlogbeat\"}}\n").Append(line).Append('\n');
                else (step.Channel == DemoChannel.Zeek ? zeek : lines).Append(line).Append('\n');
                if (step.IsAttack) FirstAttackAt ??= now;
                Sent++;
            }
            if (lines.Length > 0) await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellation);
            if (bulk.Length > 0) await PostAsync(http, "/_bulk", bulk, cancellation);
            if (zeek.Length > 0) await PostAsync(http, "/ingest/http", zeek, cancellation);
            await Task.Delay(Tick, clock, cancellation);
        }
    }

    private static async Task PostAsync(HttpClient http, string path, StringBuilder body, CancellationToken cancellation)
    {
        using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        answer.EnsureSuccessStatusCode();
    }
}
