using System.Globalization;
using System.Text.Json;
using Beacon.Web.Demo;

namespace Beacon.Web.Commands.Bench;

/// <summary>
/// Lines that a rule matches, each tied to the alert that is pushed for it: a probe's host and how often it was used
/// give the alert's entity and its count, whatever else the alert says.
/// </summary>
internal sealed class ProbeLog(TimeProvider clock)
{
    /// <summary>Hosts in turn: below the ceiling of open alerts a rule, and each at rest for long before it comes again.</summary>
    public const int Hosts = 100;

    /// <summary>Probes kept; an hour of them at most.</summary>
    private const int MaxProbes = 100_000;

    private readonly Dictionary<(string Host, long Count), DateTimeOffset> _waiting = [];
    private readonly Lock _gate = new();
    private readonly List<double> _fromReceipt = [];
    private readonly List<double> _fromSending = [];
    private int _sent;

    public int Sent => Volatile.Read(ref _sent);

    public int Pushed
    {
        get { lock (_gate) return _fromReceipt.Count; }
    }

    /// <summary>The next probe's line: an intruder's login by turns with a refused sudo, each on a host of its own.</summary>
    public string Next()
    {
        var n = _sent;
        var host = string.Create(CultureInfo.InvariantCulture, $"probe-{n % Hosts:00}");
        var now = clock.GetUtcNow();
        lock (_gate) if (_waiting.Count < MaxProbes) _waiting[(host, n / Hosts + 1)] = now;
        Volatile.Write(ref _sent, n + 1);
        return n % 2 == 0
            ? DemoStory.Syslog(now, host, "sudo", $"user-{host} : user NOT in sudoers ; TTY=pts/0 ; PWD=/home/user-{host} ; USER=root ; COMMAND=/usr/bin/id", 85)
            : DemoStory.Syslog(now, host, "sshd[811]", string.Create(CultureInfo.InvariantCulture, $"Accepted password for svc-{host} from 203.0.113.{n % Hosts + 1} port {40_000 + n % Hosts} ssh2"), 38);
    }

    /// <summary>Takes a pushed alert's payload; one that is no probe's, or comes again, changes nothing.</summary>
    public void Note(string payload)
    {
        var now = clock.GetUtcNow();
        using var json = JsonDocument.Parse(payload);
        var root = json.RootElement;
        if (!root.TryGetProperty("entity", out var entity) || !entity.TryGetProperty("value", out var host) || !root.TryGetProperty("count", out var count) || !root.TryGetProperty("lastReceived", out var received)) return;
        lock (_gate)
        {
            if (!_waiting.Remove((host.GetString() ?? "", count.GetInt64()), out var sent)) return;
            _fromReceipt.Add((now - received.GetDateTimeOffset()).TotalMilliseconds);
            _fromSending.Add((now - sent).TotalMilliseconds);
        }
    }

    public void Report(BenchReport report)
    {
        lock (_gate)
        {
            report.Add("p50_ms", Quantile(_fromReceipt, 0.5)).Add("p99_ms", Quantile(_fromReceipt, 0.99)).Add("max_ms", Quantile(_fromReceipt, 1))
                .Add("sent_p50_ms", Quantile(_fromSending, 0.5)).Add("sent_p99_ms", Quantile(_fromSending, 0.99))
                .Add("probes_sent", _sent).Add("probes_pushed", _fromReceipt.Count);
        }
    }

    /// <summary>The smallest value that at least this share of the values does not exceed; NaN where there is none.</summary>
    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        if (values.Count == 0) return double.NaN;
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }
}
