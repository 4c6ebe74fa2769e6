using Beacon.Detections.Scheduled.Findings;
using Beacon.Detections.Scheduled.Series;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Spike;

/// <summary>Many times more in one interval than in those before: a flood, an export, a worm. Tells where it begins.</summary>
internal sealed class SpikeDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    public string Name => "spike";

    public bool LooksBack => true;

    public bool ComparesIntervals => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var series = SeriesSettings.Read(settings, TimeSpan.FromDays(1), 500);
        var times = settings.Number("times", 1.1, 1_000_000, 5);
        var atLeast = settings.Number("at-least", 1, 1e15, 20);
        var learning = (int)settings.Number("learning", 5, 100_000, 20);
        return settings.HasErrors ? null : new SpikeSettings(series, times, atLeast, learning);
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (SpikeSettings)window.Rule.Settings;
        var all = await SeriesHistory.ReadAsync(store, window, settings.Series, cancellation).ConfigureAwait(false);
        return new EvaluationResult([.. all.Where(s => IsSpike(s, settings)).Select(s => Describe(window, settings, s).ToDetection(time.GetUtcNow()))], all.Sum(static s => s.Values.Length));
    }

    private static bool IsSpike(IntervalSeries series, SpikeSettings settings)
    {
        var past = series.Past;
        if (past.Length < settings.Learning) return false;
        var enough = Math.Max(settings.AtLeast, settings.Times * UsualLevel.Of(past).Mean);
        if (series.Last < enough || past[^1] >= enough) return false;
        var asHigh = 0;
        foreach (var value in past) if (value >= series.Last) asHigh++;
        return asHigh <= past.Length * UsualLevel.Rarely;
    }

    private static Finding Describe(EvaluationWindow window, SpikeSettings settings, IntervalSeries series)
    {
        var usual = UsualLevel.Of(series.Past);
        var spoken = EntityFields.Spoken(settings.Series.GroupBy, series.Key);
        var measure = settings.Series.Measure;
        return new Finding(window, [.. series.Key, Wording.Time(window.Fresh.From)])
        {
            Time = window.Fresh.From, Related = EntityFields.All(settings.Series.GroupBy, series.Key),
            Entity = EntityFields.Of(settings.Series.GroupBy, series.Key, Entity.Of(EntityKind.Other, window.Rule.Title)),
            Chart = series.Chart(measure, _ => usual.Mean),
            Summary = $"{window.Rule.Title}: {spoken}, {Wording.Number(series.Last)} ({measure}) in {Wording.Span(series.Interval)}; {Wording.Number(usual.Mean)} was usual",
        }
        .Because(usual.Expected, Wording.Number(series.Last), "at most " + Wording.OnceIn(usual.OnceIn(series.Last)) + " intervals",
            $"{series.Past.Length} intervals of {Wording.Span(series.Interval)} since {Wording.Time(series.Start)}")
        .With(settings.Series.GroupBy, series.Key).With("measure", measure)
        .With("times", usual.Mean > 0 ? Wording.Number(series.Last / usual.Mean) : "there was nothing before");
    }
}
