using System.Globalization;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Beaconing;

/// <summary>Connections in a rhythm that no person keeps: a program that calls home. Many lost beats and much jitter hide it; so the tolerance is a setting.</summary>
internal sealed class BeaconingDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    /// <summary>Groups looked at in one window, those with the most connections.</summary>
    public const int MaxGroups = 5_000;

    /// <summary>Times kept of one group, the newest.</summary>
    public const int MaxTimes = 2_000;

    /// <summary>Connections read in one window; beyond it the window fails with that reason.</summary>
    public const int MaxEvents = 5_000_000;

    public string Name => "beaconing";

    public bool LooksBack => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var filter = settings.Events();
        var groupBy = settings.Fields("group-by", 1, 5);
        var atLeast = (int)settings.Number("at-least", 6, 10_000, 12);
        var jitter = settings.Number("jitter", 0.001, 0.5, 0.1);
        var regular = settings.Number("regular", 0.5, 1, 0.8);
        var least = settings.Span("least-period", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), TimeSpan.FromSeconds(10));
        return settings.HasErrors ? null : new BeaconingSettings(filter, groupBy, atLeast, jitter, regular, least);
    }

    public IReadOnlyList<GroupQuery> Queries(EvaluationWindow window)
    {
        var settings = (BeaconingSettings)window.Rule.Settings;
        return [new GroupQuery(settings.Filter, window.Range, settings.GroupBy, null, settings.AtLeast, MaxGroups)];
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (BeaconingSettings)window.Rule.Settings;
        var candidates = answers[0].Where(g => window.Fresh.Contains(g.Last) && MayBeat(g, settings)).ToList();
        if (candidates.Count == 0) return new EvaluationResult([], answers[0].Count);
        var (times, rows) = await TimesAsync(window, settings, candidates, cancellation).ConfigureAwait(false);
        var detections = new List<Detection>();
        foreach (var group in candidates)
        {
            if (!times.TryGetValue(Key(group.Key), out var seen) || seen.Count < settings.AtLeast) continue;
            if (Rhythm.Of([.. seen.Order()], settings.Jitter) is not { } rhythm || rhythm.OnBeat < settings.Regular || rhythm.Period < settings.LeastPeriod.TotalSeconds) continue;
            var sample = await store.GetAsync(group.Sample, cancellation).ConfigureAwait(false);
            detections.Add(Describe(window, settings, group, [.. seen.Order()], rhythm, sample, answers[0].Count == MaxGroups).ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, rows);
    }

    /// <summary>More connections than the shortest period allows are no rhythm that is looked for.</summary>
    private static bool MayBeat(GroupCount group, BeaconingSettings settings) =>
        (group.Last - group.First).TotalSeconds / Math.Max(1, group.Events - 1) >= settings.LeastPeriod.TotalSeconds / 2;

    private async Task<(Dictionary<string, Queue<double>> Times, long Rows)> TimesAsync(EvaluationWindow window, BeaconingSettings settings, List<GroupCount> candidates, CancellationToken cancellation)
    {
        var times = candidates.ToDictionary(static g => Key(g.Key), static _ => new Queue<double>(), StringComparer.Ordinal);
        var rows = 0L;
        var key = new string[settings.GroupBy.Count];
        await foreach (var batch in store.ScanAsync(new EventScan(settings.Filter, window.Range, settings.GroupBy), cancellation).ConfigureAwait(false))
        {
            if ((rows += batch.Count) > MaxEvents) throw new InvalidOperationException($"more than {MaxEvents} connections in a window: narrow the filter or shorten the window");
            foreach (var e in batch)
            {
                for (var i = 0; i < key.Length; i++) key[i] = e.GetText(settings.GroupBy[i]) ?? "";
                if (!times.TryGetValue(Key(key), out var seen)) continue;
                seen.Enqueue((e.Timestamp - window.Range.From).TotalSeconds);
                if (seen.Count > MaxTimes) seen.Dequeue();
            }
        }
        return (times, rows);
    }

    private static Finding Describe(EvaluationWindow window, BeaconingSettings settings, GroupCount group, IReadOnlyList<double> times, Rhythm rhythm, SecurityEvent? sample, bool truncated)
    {
        var period = TimeSpan.FromSeconds(rhythm.Period);
        var spoken = EntityFields.Spoken(settings.GroupBy, group.Key);
        var gaps = times.Skip(1).Select((t, i) => new ChartPoint(window.Range.From.AddSeconds(t), t - times[i], rhythm.Period)).ToList();
        var finding = new Finding(window, [.. group.Key, Wording.Time(window.Fresh.From)])
        {
            Time = group.Last, Event = sample, Related = EntityFields.All(settings.GroupBy, group.Key),
            Entity = EntityFields.Of(settings.GroupBy, group.Key, sample is null ? Entity.Of(EntityKind.Other, window.Rule.Title) : Entities.Primary(sample)),
            Chart = DetectionChart.Of("seconds since the connection before", TimeSpan.Zero, gaps),
            Summary = string.Create(CultureInfo.InvariantCulture, $"{window.Rule.Title}: {spoken}, every {Wording.Span(period)}, {times.Count} times"),
        }
        .Because("calls at times that a person or a load makes irregular", string.Create(CultureInfo.InvariantCulture, $"{rhythm.OnBeat:P0} within {settings.Jitter:P0} of a period of {Wording.Span(period)}"),
            "by chance at most " + Wording.OnceIn(rhythm.OnceIn) + " such series", string.Create(CultureInfo.InvariantCulture, $"{times.Count} connections from {Wording.Time(group.First)} to {Wording.Time(group.Last)}"))
        .With(settings.GroupBy, group.Key).With("period_seconds", Wording.Number(rhythm.Period)).With("jitter", Wording.Number(rhythm.Jitter))
        .With("on_beat", Wording.Number(rhythm.OnBeat)).With("connections", times.Count.ToString(CultureInfo.InvariantCulture));
        return truncated ? finding.With("truncated", $"only the {MaxGroups} groups with the most connections were looked at") : finding;
    }

    private static string Key(IReadOnlyList<string> values) => string.Join('\u001f', values);
}
