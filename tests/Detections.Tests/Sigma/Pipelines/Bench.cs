using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;

namespace Beacon.Detections.Tests.Sigma.Pipelines;

/// <summary>Runs one rule through one pipeline, and over one event.</summary>
internal static class Bench
{
    public const string LogSource = "{product: acme}";

    /// <summary>Makes the rules' log source known, so that their fields are the events' own unless a test maps them; last, so that no test's step changes it.</summary>
    private const string Known = "  - {id: known, type: add_condition, conditions: {event.module: acme}, rule_conditions: [{type: logsource, product: acme}]}\n";

    public static SigmaPipelines Pipelines(string transformations, string top = "")
    {
        var (pipelines, faults) = SigmaPipelines.ReadText("test.yml", top + "transformations:\n" + Indent(transformations) + Known);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        return pipelines;
    }

    /// <param name="detection">Selections and condition as one flow map's inside: "selection: {A: b}; condition: selection".</param>
    /// <param name="header">Further lines of the rule.</param>
    public static SigmaRule Rule(string detection, string logSource = LogSource, string header = "")
    {
        var result = SigmaReader.Read("rule.yml", $"title: T\nid: 5d3c3f5e-2b0e-4b58-8f9e-0f6f1b2a3c4d\nlevel: high\n{header}logsource: {logSource}\ndetection:\n" + string.Concat(detection.Split("; ").Select(static l => "  " + l + "\n")));
        Assert.True(result.Rules.Count == 1, string.Join('\n', result.Faults));
        return result.Rules[0];
    }

    public static bool Match(SigmaPipelines pipelines, SigmaRule rule, string fields)
    {
        var set = RuleSet.Compile([rule], pipelines);
        Assert.Null(set.Rules[0].BlindReason);
        return Match(set, Event("event.module=acme;" + fields));
    }

    public static bool Match(RuleSet set, SecurityEvent e)
    {
        var matches = new List<CompiledRule>();
        set.Match(e, matches);
        return matches.Count > 0;
    }

    public static string? Blind(SigmaPipelines pipelines, SigmaRule rule) => RuleSet.Compile([rule], pipelines).Rules[0].BlindReason?.ToString();

    /// <summary>"name=text;name=#number;name=~" with '~' for null.</summary>
    public static SecurityEvent Event(string fields)
    {
        var e = new SecurityEvent { Timestamp = DateTimeOffset.UnixEpoch };
        foreach (var field in fields.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (field[..field.IndexOf('=', StringComparison.Ordinal)], field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            if (value == "~") e.Add(name, "", ValueKind.Null);
            else if (value.StartsWith('#')) e.Add(name, value[1..], ValueKind.Number);
            else e.Add(name, value);
        }
        return e;
    }

    private static string Indent(string transformations) => string.Concat(transformations.Split('\n').Select(static l => "  " + l + "\n"));
}
