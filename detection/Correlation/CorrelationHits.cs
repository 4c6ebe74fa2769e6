using System.Collections.Immutable;
using System.Globalization;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>Makes a hit of a group's window.</summary>
internal static class CorrelationHits
{
    /// <param name="first">First entry of the window.</param>
    /// <param name="last">The entry with which it ends.</param>
    /// <param name="end">The end of the window, in ticks.</param>
    public static CorrelationHit Of(CompiledCorrelation correlation, CorrelationGroup group, int first, int last, long end, double number)
    {
        var rule = correlation.Rule;
        ref readonly var completing = ref group.Entries[last];
        var evidence = ImmutableArray.CreateBuilder<CorrelationEvidence>();
        for (var i = Math.Max(first, last - CorrelationLimits.MaxEvidence + 1); i <= last; i++)
        {
            ref readonly var entry = ref group.Entries[i];
            evidence.Add(new CorrelationEvidence(entry.Id, rule.Rules[entry.Rule], new DateTimeOffset(entry.Time, TimeSpan.Zero), entry.Label ?? ""));
        }
        // Where the end of a window decides, its beginning names it; else the event that completed it does.
        var cause = rule.Condition.NeedsEnd ? "window " + group.Entries[first].Time.ToString(CultureInfo.InvariantCulture) : completing.Id.ToString("D");
        return new CorrelationHit
        {
            Rule = rule, Correlation = correlation, Level = correlation.Level, Id = DetectionIds.Of(rule.Id, "correlation", group.Key, cause), Time = new DateTimeOffset(end, TimeSpan.Zero),
            Group = [.. rule.GroupBy.Select((name, i) => KeyValuePair.Create(name, group.Values[i]))], Number = number, Events = last - first + 1,
            First = new DateTimeOffset(group.Entries[first].Time, TimeSpan.Zero), Last = new DateTimeOffset(completing.Time, TimeSpan.Zero), Evidence = evidence.ToImmutable(),
            Carried = Carried(correlation, group, first, last), Order = completing.Order, Received = completing.Received,
        };
    }

    /// <summary>Of each field the latest value that an event of the window has.</summary>
    private static string?[]? Carried(CompiledCorrelation correlation, CorrelationGroup group, int first, int last)
    {
        if (correlation.Carried.Count == 0) return null;
        var carried = new string?[correlation.Carried.Count];
        for (var (i, missing) = (last, carried.Length); i >= first && missing > 0; i--)
        {
            if (group.Entries[i].Carried is not { } values) continue;
            for (var n = 0; n < carried.Length && n < values.Length; n++)
            {
                if (carried[n] is not null || values[n] is null) continue;
                carried[n] = values[n];
                missing--;
            }
        }
        return carried;
    }
}
