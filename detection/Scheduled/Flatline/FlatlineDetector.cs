using Beacon.Detections.Scheduled.Findings;
using Beacon.Detections.Scheduled.Series;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Flatline;

/// <summary>What came steadily comes no more, or hardly: a log that was switched off, a sensor that stands still. Tells where it begins.</summary>
internal sealed class FlatlineDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    public string Name => "flatline";

    public bool LooksBack => true;

    public bool ComparesIntervals => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var series = SeriesSettings.Read(settings, TimeSpan.FromDays(1), 500);
        var below = settings.Number("below", 0, 0.9, 0.1);
        var atLeast = settings.Number("at-least", 1, 1e15, 10);
        var learning = (int)settings.Number("learning", 5, 100_000, 20);
        return settings.HasErrors ? null : new FlatlineSettings(series, below, atLeast, learning);
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (FlatlineSettings)window.Rule.Settings;
        var all = await SeriesHistory.ReadAsync(store, window, settings.Series, cancellation).ConfigureAwait(false);
        return new EvaluationResult([.. all.Where(s => IsFlat(s, settings)).Select(s => Describe(window, settings, s).ToDetection(time.GetUtcNow()))], all.Sum(static s => s.Values.Length));
    }

    private static bool IsFlat(IntervalSeries series, FlatlineSettings settings)
    {
        var past = series.Past;
        if (past.Length < settings.Learning) return false;
        var usual = UsualLevel.Of(past);
        var flat = usual.Mean * settings.Below;
        if (usual.Mean < settings.AtLeast || series.Last > flat || past[^1] <= flat) return false;
        var asLow = 0;
        foreach (var value in past) if (value <= series.Last) asLow++;
        return asLow <= past.Length * UsualLevel.Rarely;
    }

    private static Finding Describe(EvaluationWindow window, FlatlineSettings settings, IntervalSeries series)
    {
        var usual = UsualLevel.Of(series.Past);
        var spoken = EntityFields.Spoken(settings.Series.GroupBy, series.Key);
        var measure = settings.Series.Measure;
        return new Finding(window, [.. series.Key, Wording.Time(window.Fresh.From)])
        {
            Time = window.Fresh.From, Related = EntityFields.All(settings.Series.GroupBy, series.Key),
            Entity = EntityFields.Of(settings.Series.GroupBy, series.Key, Entity.Of(EntityKind.Other, window.Rule.Title)),
            Chart = series.Chart(measure, _ => usual.Mean),
            Summary = $"{window.Rule.Title}: {spoken}, {(series.Last == 0 ? "nothing" : Wording.Number(series.Last))} ({measure}) in {Wording.Span(series.Interval)}; {Wording.Number(usual.Mean)} was usual",
        }
        .Because(usual.Expected, Wording.Number(series.Last), "at most " + Wording.OnceIn(usual.OnceIn(series.Last)) + " intervals",
            $"{series.Past.Length} intervals of {Wording.Span(series.Interval)} since {Wording.Time(series.Start)}")
        .With(settings.Series.GroupBy, series.Key).With("measure", measure).With("share", Wording.Number(series.Last / usual.Mean));
    }
}
