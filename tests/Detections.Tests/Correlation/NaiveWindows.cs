using System.Globalization;
using Beacon.Detections.Sigma.Correlations;

namespace Beacon.Detections.Tests.Correlation;

/// <summary>One event of a random timeline.</summary>
/// <param name="Actions">The letters of the rules that it matches.</param>
internal sealed record NaiveEvent(int Seconds, int Order, string Actions, int Group, int User, int Bytes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds}:{Actions}:ip={Group},u={User},n={Bytes}");
}

/// <summary>Correlations written straight from their definition: every window is built from all events, every time.</summary>
internal static class NaiveWindows
{
    public static List<string> Hits(SigmaCorrelation rule, IEnumerable<NaiveEvent> events, int lateness)
    {
        var answer = new List<string>();
        foreach (var group in events.GroupBy(static e => e.Group))
        {
            var entries = group.Where(e => rule.Rules.Any(r => e.Actions.Contains(r, StringComparison.Ordinal))).OrderBy(static e => e.Seconds).ThenBy(static e => e.Order).ToList();
            answer.AddRange((rule.Condition.NeedsEnd ? AtTheEnd(rule, entries, lateness) : WithEachEvent(rule, entries)).Select(h => $"{group.Key} {h}"));
        }
        answer.Sort(StringComparer.Ordinal);
        return answer;
    }

    private static IEnumerable<string> WithEachEvent(SigmaCorrelation rule, List<NaiveEvent> entries)
    {
        var span = (int)rule.Timespan.TotalSeconds;
        var armed = true;
        int? raised = null;
        for (var i = 0; i < entries.Count; i++)
        {
            var window = entries.Take(i + 1).Where(e => e.Seconds >= entries[i].Seconds - span).ToList();
            if (!Holds(rule, window, out var number)) armed = true;
            else if (armed || entries[i].Seconds > raised + span)
            {
                (armed, raised) = (false, entries[i].Seconds);
                yield return string.Create(CultureInfo.InvariantCulture, $"{entries[i].Seconds}={number:0.###}");
            }
        }
    }

    private static IEnumerable<string> AtTheEnd(SigmaCorrelation rule, List<NaiveEvent> entries, int lateness)
    {
        _ = lateness;
        var span = (int)rule.Timespan.TotalSeconds;
        var from = int.MinValue;
        while (true)
        {
            var first = entries.Find(e => e.Seconds > from && Opens(rule, e));
            if (first is null) yield break;
            from = first.Seconds + span;
            // A window begins with the event that opens it: what came before it in the same second is not in it.
            var begin = entries.IndexOf(first);
            var window = entries.Skip(begin).Where(e => e.Seconds <= first.Seconds + span).ToList();
            if (Holds(rule, window, out var number)) yield return string.Create(CultureInfo.InvariantCulture, $"{from}={number:0.###}");
        }
    }

    private static bool Opens(SigmaCorrelation rule, NaiveEvent e) =>
        rule.Condition.Expression is not { } expression || rule.Rules.Where((r, i) => (expression.Asserted & (1u << i)) != 0).Any(r => e.Actions.Contains(r, StringComparison.Ordinal));

    private static bool Holds(SigmaCorrelation rule, List<NaiveEvent> window, out double number)
    {
        number = 0;
        if (window.Count == 0) return false;
        var sorted = window.Select(static e => (double)e.Bytes).Order().ToArray();
        switch (rule.Type)
        {
            case SigmaCorrelationType.EventCount: number = window.Count; break;
            case SigmaCorrelationType.ValueCount: number = window.Select(static e => e.User).Distinct().Count(); break;
            case SigmaCorrelationType.ValueSum: number = sorted.Sum(); break;
            case SigmaCorrelationType.ValueAverage: number = sorted.Sum() / sorted.Length; break;
            case SigmaCorrelationType.ValueMedian: number = sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2; break;
            case SigmaCorrelationType.Temporal:
                var present = Mask(rule, window);
                number = System.Numerics.BitOperations.PopCount(present);
                return rule.Condition.Expression?.Holds(present) ?? rule.Condition.Holds(number);
            case SigmaCorrelationType.TemporalOrdered:
                return InOrder(rule, window, out number);
            default: throw new InvalidOperationException("not compared here");
        }
        return rule.Condition.Holds(number);
    }

    /// <summary>Tries every choice of rules: each set of them, matched by different events one after the other.</summary>
    private static bool InOrder(SigmaCorrelation rule, List<NaiveEvent> window, out double number)
    {
        var sets = Enumerable.Range(1, (1 << rule.Rules.Length) - 1).Where(set => Follows(rule, window, set)).ToList();
        number = sets.Select(static s => System.Numerics.BitOperations.PopCount((uint)s)).DefaultIfEmpty(0).Max();
        if (rule.Condition.Expression is not { } expression) return rule.Condition.Holds(number);
        var others = Mask(rule, window) & ~expression.Asserted;
        return sets.Exists(s => ((uint)s & ~expression.Asserted) == 0 && expression.Holds((uint)s | others));
    }

    private static bool Follows(SigmaCorrelation rule, List<NaiveEvent> window, int set)
    {
        var at = 0;
        for (var i = 0; i < rule.Rules.Length; i++)
        {
            if ((set & (1 << i)) == 0) continue;
            while (at < window.Count && !window[at].Actions.Contains(rule.Rules[i], StringComparison.Ordinal)) at++;
            if (at++ >= window.Count) return false;
        }
        return true;
    }

    private static uint Mask(SigmaCorrelation rule, List<NaiveEvent> window) =>
        rule.Rules.Select((r, i) => window.Exists(e => e.Actions.Contains(r, StringComparison.Ordinal)) ? 1u << i : 0).Aggregate(0u, static (a, b) => a | b);
}
