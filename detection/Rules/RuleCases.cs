using System.Globalization;
using System.Text;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>One case of a rule's file: an event that must match it, or must not.</summary>
/// <param name="Matched">Where it matched, for a case that did.</param>
/// <param name="Trace">What held and what did not, for a case that differs.</param>
public sealed record RuleCaseResult(string File, int Line, string RuleId, string Name, bool Expected, bool Actual, IReadOnlyList<MatchedField> Matched, RuleTrace? Trace = null)
{
    /// <summary>What was detected otherwise than the case says; for scheduled rules.</summary>
    public IReadOnlyList<Phrase> Differences { get; init; } = [];

    public bool Passed => Expected == Actual && Differences.Count == 0;
}

public sealed record RuleCasesResult(IReadOnlyList<RuleCaseResult> Cases, IReadOnlyList<SigmaFault> Faults)
{
    public bool Passed => Faults.All(static f => f.Severity != FaultSeverity.Error) && Cases.All(static c => c.Passed);
}

/// <summary>
/// Runs the cases beside a rule: x.cases.yml holds a list of {name, match, event}, where event is a map of ECS fields, nested or
/// dotted. A rule needs at least one case that matches and one that does not. A correlation's cases hold events instead, a list of
/// such maps, each with its @timestamp.
/// </summary>
public static class RuleCases
{
    public const string Suffix = ".cases.yml";

    /// <summary>The file of a rule's cases, which may not be there.</summary>
    public static string FileOf(string ruleFile) => Path.ChangeExtension(ruleFile, null) + Suffix;

    /// <summary>Runs the cases of one Sigma rule file.</summary>
    /// <param name="options">How the rule is read; null: without placeholders.</param>
    /// <param name="pipelines">Null for the built-in ones.</param>
    public static RuleCasesResult Run(string ruleFile, SigmaReaderOptions? options = null, SigmaPipelines? pipelines = null)
    {
        var read = SigmaReader.ReadFile(ruleFile, options);
        var casesFile = FileOf(ruleFile);
        var faults = new FaultList(casesFile);
        var results = new List<RuleCaseResult>();
        if (!File.Exists(casesFile)) faults.Error(YamlMark.Start, FaultCodes.Missing, "the rule has no cases", "write at least one match and one near miss");
        else if (new FileInfo(casesFile).Length > YamlReader.MaxCharacters) faults.Error(YamlMark.Start, FaultCodes.TooLarge, "the file is too large");
        else if (read.Correlations.Count > 0) CorrelationCases.Run(read, File.ReadAllText(casesFile), pipelines, faults, results);
        else if (read.Rules.Count == 1) Run(read.Rules[0], File.ReadAllText(casesFile), pipelines, faults, results);
        else if (!read.HasErrors) faults.Error(YamlMark.Start, FaultCodes.Structure, $"the rule file holds {read.Rules.Count} rules; cases are for one");
        return new RuleCasesResult(results, [.. read.Faults, .. faults.Faults]);
    }

    private static void Run(SigmaRule rule, string text, SigmaPipelines? pipelines, FaultList faults, List<RuleCaseResult> results)
    {
        var set = RuleSet.Compile([rule], pipelines);
        if (set.Rules[0].BlindReason is { } blind) faults.Error(YamlMark.Start, FaultCodes.LogSource, $"the rule is blind: {blind}");
        var documents = YamlReader.Read(text, faults);
        if (documents.Count != 1 || documents[0].Root is not YamlList list)
        {
            faults.Error(YamlMark.Start, FaultCodes.Structure, "cases are one list");
            return;
        }
        foreach (var item in list.Items)
        {
            if (item is not YamlMap map || map.Find("match") is not YamlScalar { Type: ScalarKind.Boolean } match || map.Find("event") is not YamlMap fields)
            {
                faults.Error(item.Mark, FaultCodes.Case, "a case is a map of name, match (true or false) and event (a map of fields)");
                continue;
            }
            var e = EventOf(fields);
            var matches = new List<CompiledRule>();
            set.Match(e, matches);
            var name = map.Find("name") is YamlScalar { IsNull: false } given ? given.Text : string.Create(CultureInfo.InvariantCulture, $"line {item.Mark.Line}");
            var expected = match.Text[0] is 't' or 'T';
            results.Add(new RuleCaseResult(faults.File, item.Mark.Line, rule.Id, name, expected, matches.Count > 0, matches.Count > 0 ? set.Explain(e, matches[0]) : [], expected != matches.Count > 0 ? RuleTrace.Of(rule, e, pipelines) : null));
        }
        if (!results.Exists(static r => r.Expected)) faults.Error(YamlMark.Start, FaultCodes.Case, "no case must match");
        if (results.TrueForAll(static r => r.Expected)) faults.Error(YamlMark.Start, FaultCodes.Case, "no case is a near miss");
    }

    /// <param name="rewrite">Changes each text value; null for none.</param>
    internal static SecurityEvent EventOf(YamlMap fields, Func<string, string>? rewrite = null)
    {
        var e = new SecurityEvent { Timestamp = DateTimeOffset.UnixEpoch };
        Read(fields, "", e, rewrite ?? (static text => text));
        return e;
    }

    private static void Read(YamlMap map, string prefix, SecurityEvent e, Func<string, string> rewrite)
    {
        foreach (var (key, value) in map.Entries)
        {
            var name = prefix + key.Text;
            switch (value)
            {
                case YamlMap nested: Read(nested, name + ".", e, rewrite); break;
                case YamlList list:
                    foreach (var item in list.Items)
                        if (item is YamlScalar scalar) Add(name, scalar, e, rewrite);
                    break;
                case YamlScalar scalar: Add(name, scalar, e, rewrite); break;
            }
        }
    }

    private static void Add(string name, YamlScalar scalar, SecurityEvent e, Func<string, string> rewrite)
    {
        if (name == FieldReader.TimestampName)
        {
            if (DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) e.Timestamp = time;
            return;
        }
        var kind = scalar.Type switch { ScalarKind.Number => ValueKind.Number, ScalarKind.Boolean => ValueKind.Boolean, ScalarKind.Null => ValueKind.Null, _ => ValueKind.Text };
        e.Add(Encoding.UTF8.GetBytes(name), kind == ValueKind.Null ? [] : Encoding.UTF8.GetBytes(rewrite(scalar.Text)), kind);
    }
}
