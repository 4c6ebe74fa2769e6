using System.Globalization;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Tests.Correlation;

/// <summary>
/// Rules a, b and c match events whose event.action is their name; a correlation is given as YAML. Events are written as
/// "seconds:action[:field=value,…]"; the answer lists the hits as "seconds=number".
/// </summary>
internal sealed class Timeline
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private readonly CorrelationEngine _engine;
    private readonly CorrelationSet _set;
    private long _order;

    public Timeline(string correlations, CorrelationLimits? limits = null, CountingCounts? counts = null, ICorrelationLog? log = null, SigmaPipelines? pipelines = null)
    {
        var read = SigmaReader.Read("t.yml", Rules() + correlations);
        Assert.DoesNotContain(read.Faults, static f => f.Severity == FaultSeverity.Error);
        var rules = RuleSet.Compile(read.Rules, pipelines);
        Assert.DoesNotContain(rules.Rules, static r => r.BlindReason is not null);
        _set = CorrelationSet.Compile(rules, read.Rules, read.Correlations);
        Assert.Empty(_set.Faults);
        Assert.All(_set.Correlations, static c => Assert.Null(c.BlindReason));
        _engine = new CorrelationEngine(limits ?? new CorrelationLimits { Lateness = TimeSpan.FromSeconds(10) }, log, counts);
        _engine.Use(_set);
    }

    public CorrelationEngine Engine => _engine;
    public List<CorrelationHit> Hits { get; } = [];

    /// <summary>Text of a correlation over the rules.</summary>
    public static string Rule(string type, string rules, string condition, string groupBy = "[source.ip]", string timespan = "60s", string more = "", string name = "top", int id = 1) =>
        string.Create(CultureInfo.InvariantCulture, $"---\ntitle: {name}\nname: {name}\nid: 99999999-0000-4000-8000-{id:000000000000}\nlevel: high\ncorrelation:\n  type: {type}\n  rules: {rules}\n  group-by: {groupBy}\n  timespan: {timespan}\n{(condition.Length == 0 ? "" : $"  condition: {condition}\n")}{more}");

    public static string Rules(params string[] names)
    {
        var text = "";
        foreach (var name in names.Length == 0 ? ["a", "b", "c", "d"] : names)
            text += $"---\ntitle: Rule {name}\nname: {name}\nid: 00000000-0000-4000-8000-00000000000{name}\nlevel: low\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  selection:\n    event.action|contains: '{name}'\n  condition: selection\n";
        return text;
    }

    public static SecurityEvent Event(string written, long order)
    {
        var parts = written.Split(':', 3);
        var e = new SecurityEvent
        {
            Id = SecurityEventId.From(7, order), Sequence = order, Source = "test",
            Timestamp = Start + TimeSpan.FromSeconds(double.Parse(parts[0], CultureInfo.InvariantCulture)),
        };
        e.Received = e.Timestamp;
        e.Add("event.module", "sshd");
        e.Add("event.action", parts[1]);
        var fields = (parts.Length > 2 ? parts[2] : "ip=1").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static f => f.Split('=')).ToArray();
        foreach (var field in fields)
        {
            var name = field[0] switch { "ip" => "source.ip", "to" => "destination.ip", "u" => "user.name", "n" => "network.bytes", _ => field[0] };
            e.Add(name, field[1]);
        }
        return e;
    }

    public Timeline Play(string events)
    {
        foreach (var written in events.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Play(Event(written, ++_order));
        return this;
    }

    public void Play(SecurityEvent e)
    {
        var matches = new List<CompiledRule>();
        _set.Rules.Match(e, matches);
        _engine.Observe(matches, e, e.Sequence, null, Hits);
    }

    /// <summary>The clock moves to so many seconds after the start.</summary>
    public Timeline Tick(double seconds)
    {
        _engine.Advance(Start + TimeSpan.FromSeconds(seconds), Hits);
        return this;
    }

    public string Answer(string rule = "top") => string.Join(' ', Hits.Where(h => h.Rule.Name == rule)
        .Select(static h => string.Create(CultureInfo.InvariantCulture, $"{(h.Time - Start).TotalSeconds:0.###}={h.Number:0.###}")));
}

internal sealed class CountingCounts : ICorrelationCounts
{
    public int Evicted { get; private set; }
    public int Late { get; private set; }

    public void CountEvictions(string ruleId, int entries) => Evicted += entries;

    public void CountLate(string ruleId) => Late++;
}
