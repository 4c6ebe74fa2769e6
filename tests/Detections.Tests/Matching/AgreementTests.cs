using System.Globalization;
using System.Text;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Tests.Corpora;
using Beacon.Events;
using CsCheck;

namespace Beacon.Detections.Tests.Matching;

/// <summary>The compiled engine and the naive evaluator agree on random rules and events, made of corners.</summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
    [
        "a", "A", "b", "B", "k", "K", "\u212A", "i", "I", "\u0130", "ß", "\u1E9E", "é", "É", "\u023A", "\u2C65", "\U0001F600", "\\", "\\\\", "/", "-", " ", ".", "\0", "1", "22", ".exe", "abcd", "ABCDEF", "\\cmd.exe", "ﬁ",
    ];

    private static readonly string[] Wildcards = ["*", "?", "\\*", "\\?", "\\", "**", "?*"];

    private static readonly Gen<string> Value = Gen.Frequency((8, Pick(Pieces).Array[0, 6].Select(string.Concat)), (2, Pick(Pieces).Array[7, 60].Select(string.Concat)), (1, Pick("10.1.2.3", "::1", "::ffff:10.9.9.9", "7", "-2.5", "true", "True", "")));

    private static readonly Gen<string> RuleText = Pick([.. Pieces, .. Wildcards]).Array[0, 5].Select(string.Concat);

    private static readonly Gen<string> Name = Pick("One", "Two", "Three", "Absent");

    private static readonly Gen<string> Item = Gen.Select(Name, Pick(
        "", "", "|contains", "|startswith", "|endswith", "|contains|all", "|cased", "|contains|cased", "|neq", "|windash", "|contains|windash", "|all", "|startswith|neq"), Gen.Frequency((6, RuleText.Array[1, 4]), (3, RuleText.Array[4, 12]), (1, RuleText.Array[49, 70])),
        static (name, modifier, values) => $"      {name}{modifier}:\n" + string.Concat(values.Select(static v => "        - " + Quote(v) + "\n")));

    private static readonly Gen<string> Special = Gen.OneOf(
        Name.Select(static n => $"      {n}: null\n"),
        Name.Select(static n => $"      {n}: []\n"),
        Name.Select(static n => $"      {n}: ''\n"),
        Gen.Select(Name, Gen.Bool, static (n, b) => $"      {n}|exists: {(b ? "true" : "false")}\n"),
        Gen.Select(Name, Pick("10.0.0.0/8", "::/0", "::1/128"), static (n, c) => $"      {n}|cidr: '{c}'\n"),
        Gen.Select(Name, Pick("lt", "lte", "gt", "gte"), Gen.Int[-3, 8], static (n, o, v) => $"      {n}|{o}: {v.ToString(CultureInfo.InvariantCulture)}\n"),
        Gen.Select(Name, Name, Pick("", "|contains", "|startswith", "|endswith", "|cased"), static (n, o, m) => $"      {n}|fieldref{m}: {o}\n"),
        Gen.Select(Name, Pick("a.*b", "^a", "exe$", "[ab]{2,}", "abcd+", "(abcd|k)", "\\\\cmd\\.exe", "a?bcd", "abc{0,1}"), Pick("", "|i", "|i|s"), static (n, r, f) => $"      {n}|re{f}: '{r}'\n"),
        Gen.Select(Name, Pick("true", "7", "22", "null"), static (n, v) => $"      {n}: {v}\n"));

    private static readonly Gen<string> Selection = Gen.OneOf(
        Gen.OneOf(Item, Item, Special),
        Gen.OneOf(Item, Special).Array[2].Select(static i => i[0] + (i[1].Split(':')[0] == i[0].Split(':')[0] ? "" : i[1])),
        Gen.OneOf(Item, Special).Array[2].Select(static i => string.Concat(i.Select(static m => "      -" + m[6..].Insert(0, " ").Replace("\n        - ", "\n          - ", StringComparison.Ordinal)))),
        RuleText.Array[1, 3].Select(static k => string.Concat(k.Select(static v => "      - " + Quote(v) + "\n"))));

    private static readonly Gen<string> Condition = Pick(
        "s1", "s1 and s2", "s1 or s2", "not s1", "s1 and not s2", "not s1 and not s2", "1 of s*", "all of s*", "not 1 of s*", "not (s1 and s2)", "s1 or not s2", "not not s1", "(s1 or s2) and not all of s*", "any of s*");

    // Most rules ask for an event id too, as the rules of a Windows channel do: the engine divides them by it.
    private static readonly Gen<string> EventIds = Pick("", "    id:\n      EventID: 1\n", "    id:\n      EventID: [1, 2]\n", "    id:\n      EventID:\n        - 2\n        - '3'\n");

    internal static readonly Gen<string> Rule = Gen.Select(Selection, Selection, Condition, EventIds, static (a, b, c, id) =>
        $"title: T\nid: 11111111-1111-4111-8111-111111111111\nlevel: low\nlogsource:\n  product: windows\ndetection:\n{id}    s1:\n{a}    s2:\n{b}    condition: {(id.Length > 0 ? "id and (" + c + ")" : c)}\n");

    internal static readonly Gen<SecurityEvent> Event = Gen.Select(
        Gen.Select(Pick("One", "Two", "Three", "Four Five"), Value, Pick(ValueKind.Text, ValueKind.Text, ValueKind.Text, ValueKind.Null)).Array[0, 5], Pick("1", "2", "3"), static (fields, id) =>
        {
            var e = new SecurityEvent();
            e.Add("winlog.channel", "Test");
            e.Add("winlog.event_id", id, ValueKind.Number);
            foreach (var (name, value, kind) in fields) e.Add("winlog.event_data." + name, kind == ValueKind.Null ? "" : value, kind);
            return e;
        });

    [Fact]
    public void Match_RandomRulesOnRandomEvents_AgreesWithTheNaiveEvaluator()
    {
        var pairs = 0;
        var positive = 0;
        Gen.Select(Rule.Array[12], Event.Array[10]).Sample((texts, events) =>
        {
            var rules = texts.Select(static t => SigmaReader.Read("r.yml", t)).SelectMany(static r => r.Rules).ToArray();
            var set = RuleSet.Compile(rules);
            foreach (var e in events)
            {
                var naive = new NaiveEvaluator(e);
                var matches = new List<CompiledRule>();
                set.Match(e, matches);
                foreach (var compiled in set.Rules)
                {
                    var expected = naive.Matches(compiled.Rule);
                    Interlocked.Increment(ref pairs);
                    if (expected) Interlocked.Increment(ref positive);
                    if (matches.Contains(compiled) != expected) throw new InvalidOperationException($"expected {expected}\n{compiled.Rule.Source}\n{EcsJson.ToText(e)}");
                    if (expected) Assert.All(set.Explain(e, compiled), static m => Assert.InRange(m.Start + m.Length, 0, m.Value.Length));
                }
            }
        }, iter: 2_500, print: static t => string.Join("\n", t.Item1));
        Assert.True(pairs > 200_000, $"{pairs} pairs: too many rules were refused");
        Assert.InRange((double)positive / pairs, 0.05, 0.95);
    }

    [Fact]
    public void Match_EveryRuleOfTheCorpusOnEveryEventOfTheCorpora_AgreesWithTheNaiveEvaluator()
    {
        var set = SigmaCorpusRules();
        var sources = set.Rules.Where(static r => r.BlindReason is null).GroupBy(static r => r.Rule.LogSource).Select(static g => g.ToArray()).ToArray();
        long pairs = 0;
        Parallel.ForEach(Shared.XzLines(Shared.Find("peers/events.ndjson.xz")), line =>
        {
            var e = FlatWindowsEvents.Read(line);
            var matches = new List<CompiledRule>();
            set.Match(e, matches);
            var naive = new NaiveEvaluator(e);
            var expected = new List<CompiledRule>();
            foreach (var rules in sources)
            {
                Interlocked.Add(ref pairs, rules.Length);
                if (naive.IsOf(rules[0].Rule)) expected.AddRange(rules.Where(r => naive.Holds(r.Rule)));
            }
            Assert.Equal(expected.Select(static r => r.Rule.Id).Order(), matches.Select(static r => r.Rule.Id).Order());
        });
        output.WriteLine($"{pairs} pairs");
        Assert.True(pairs > 25_000_000, $"{pairs} pairs");
    }

    private static RuleSet SigmaCorpusRules()
    {
        Shared.Find("corpora/sigma");
        return SigmaCorpus.Rules;
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes()) quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        return quoted.Append('"').ToString();
    }
}
