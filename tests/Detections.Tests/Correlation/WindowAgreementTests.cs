using System.Globalization;
using Beacon.Detections.Correlation;
using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using CsCheck;

namespace Beacon.Detections.Tests.Correlation;

/// <summary>The engine and the naive evaluator agree on random timelines.</summary>
public sealed class WindowAgreementTests
{
    private const int Lateness = 10;

    private static readonly (string Type, string Rules, string Condition)[] Monotone =
    [
        ("event_count", "[a]", "{gte: N}"), ("event_count", "[a, b]", "{gt: N}"), ("value_count", "[a, b]", "{gte: N, field: user.name}"),
        ("temporal", "[a, b]", ""), ("temporal", "[a, b, c]", "{gte: 2}"), ("temporal", "[a, b, c]", "a and b or c"),
        ("temporal_ordered", "[a, b]", ""), ("temporal_ordered", "[a, b, c]", ""), ("temporal_ordered", "[c, a, b, d]", "{gte: 3}"), ("temporal_ordered", "[a, b, c]", "a and b or b and c"),
        ("value_sum", "[a, b]", "{gt: N0, field: network.bytes}"),
    ];

    private static readonly (string Type, string Rules, string Condition)[] Others =
    [
        ("value_avg", "[a, b]", "{gte: N0, field: network.bytes}"), ("value_median", "[a]", "{gt: N0, field: network.bytes}"),
        ("event_count", "[a]", "{lt: N}"), ("event_count", "[a, b]", "{eq: N}"), ("event_count", "[a]", "{gt: 1, lte: N}"), ("event_count", "[a]", "{neq: N}"),
        ("value_count", "[a]", "{lte: N, field: user.name}"), ("value_sum", "[a]", "{lt: N0, field: network.bytes}"), ("value_median", "[a]", "{lte: N0, field: network.bytes}"),
        ("temporal", "[a, b]", "a and not b"), ("temporal", "[a, b, c]", "(a or b) and not c"), ("temporal", "[a, b, c]", "{lt: 3}"), ("temporal_ordered", "[a, b, c]", "a and c and not b"),
    ];

    private static readonly Gen<NaiveEvent> AnyEvent =
        from gap in Gen.Int[0, 12]
        from actions in One("a", "b", "c", "d", "a", "b", "ab", "bc", "abc")
        from g in Gen.Int[1, 2]
        from user in Gen.Int[1, 4]
        from bytes in Gen.Int[0, 9]
        select new NaiveEvent(gap, 0, actions, g, user, bytes);

    private static readonly Gen<NaiveEvent[]> InOrder = AnyEvent.Array[0, 40].Select(static gaps =>
    {
        var now = 0;
        return gaps.Select((e, i) => e with { Seconds = now += e.Seconds, Order = i + 1 }).ToArray();
    });

    [Fact]
    public void Observe_InOrder_AgreesOnEveryHit() =>
        Gen.Select(One([.. Monotone, .. Others]), Gen.Int[1, 5], Gen.Int[1, 40], InOrder).Sample(static (kind, limit, span, events) =>
        {
            var timeline = Run(kind, limit, span, events, out var text);
            var rule = SigmaReader.Read("t.yml", Timeline.Rules() + text).Correlations.Single();
            var actual = timeline.Hits.Select(static h => string.Create(CultureInfo.InvariantCulture, $"{h.Group[0].Value} {(h.Time - Timeline.Start).TotalSeconds}={h.Number:0.###}")).Order(StringComparer.Ordinal);
            Assert.Equal(string.Join('\n', NaiveWindows.Hits(rule, events, Lateness)), string.Join('\n', actual));
        }, iter: 4_000);

    [Fact]
    public void Observe_LateWithinTheLateness_FindsTheSameGroups() =>
        Gen.Select(One(Monotone), Gen.Int[1, 5], Gen.Int[1, 40], InOrder, Gen.Int[0, Lateness].Array[40]).Sample(static (kind, limit, span, events, delays) =>
        {
            // Each event arrives a while after it happened; its place among equal times stays that of its number.
            var arrived = events.Select((e, i) => (Event: e, At: e.Seconds + delays[i])).OrderBy(static x => x.At).Select(static x => x.Event).ToArray();
            var timeline = Run(kind, limit, span, arrived, out var text);
            var rule = SigmaReader.Read("t.yml", Timeline.Rules() + text).Correlations.Single();
            var expected = NaiveWindows.Hits(rule, events, Lateness).Select(static h => h.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(expected, timeline.Hits.Select(static h => h.Group[0].Value).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(timeline.Hits.Count, timeline.Hits.Select(static h => h.Id).Distinct().Count());
        }, iter: 4_000);

    [Fact]
    public void Run_AnyOrderOfObservation_GivesTheSameHits() =>
        Gen.Select(One([.. Monotone, .. Others]), Gen.Int[1, 5], Gen.Int[1, 40], InOrder, Gen.Int[0, int.MaxValue]).Sample(static (kind, limit, span, events, seed) =>
        {
            var ordered = Offline(kind, limit, span, events);
            var mixed = (NaiveEvent[])events.Clone();
            new Random(seed).Shuffle(mixed);
            Assert.Equal(ordered, Offline(kind, limit, span, mixed));
            var timeline = Run(kind, limit, span, events, out _);
            Assert.Equal(timeline.Hits.Select(static h => h.Id.Value).Order(StringComparer.Ordinal), ordered.Order(StringComparer.Ordinal));
        }, iter: 800);

    private static Timeline Run((string Type, string Rules, string Condition) kind, int limit, int span, NaiveEvent[] events, out string text)
    {
        text = Text(kind, limit, span);
        var timeline = new Timeline(text);
        foreach (var e in events) timeline.Play(Timeline.Event(e.ToString(), e.Order));
        return timeline.Tick(100_000);
    }

    private static List<string> Offline((string Type, string Rules, string Condition) kind, int limit, int span, NaiveEvent[] events)
    {
        var read = SigmaReader.Read("t.yml", Timeline.Rules() + Text(kind, limit, span));
        var rules = RuleSet.Compile(read.Rules);
        var set = CorrelationSet.Compile(rules, read.Rules, read.Correlations);
        var run = new CorrelationRun(set);
        foreach (var written in events)
        {
            var e = Timeline.Event(written.ToString(), written.Order);
            var matches = new List<CompiledRule>();
            rules.Match(e, matches);
            foreach (var match in matches) run.Observe(match, e, "file.evtx");
        }
        return [.. run.Finish().Select(static h => h.Id.Value)];
    }

    private static string Text((string Type, string Rules, string Condition) kind, int limit, int span)
    {
        var condition = kind.Condition.Replace("N0", (limit * 4).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("N", (limit + (kind.Condition.Contains("lt:", StringComparison.Ordinal) ? 1 : 0)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        // "more than 1 and at most 1" is refused.
        if (condition == "{gt: 1, lte: 1}") condition = "{gt: 1, lte: 2}";
        return Timeline.Rule(kind.Type, kind.Rules, condition, timespan: span.ToString(CultureInfo.InvariantCulture) + "s");
    }

    private static Gen<T> One<T>(params T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
