using Beacon.Detections.Scheduled.Findings;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.Series;

/// <summary>Holds each group's newest interval against the level of those before it. Tells where something begins, not that it lasts.</summary>
internal abstract class UsualLevelDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    public abstract string Name { get; }

    public bool LooksBack => true;

    public bool ComparesIntervals => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var series = SeriesSettings.Read(settings, TimeSpan.FromDays(1), 500);
        var factor = ReadFactor(settings);
        var atLeast = settings.Number("at-least", 1, 1e15, LeastByDefault);
        var learning = (int)settings.Number("learning", 5, 100_000, 20);
        return settings.HasErrors ? null : new UsualLevelSettings(series, factor, atLeast, learning);
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (UsualLevelSettings)window.Rule.Settings;
        var all = await SeriesHistory.ReadAsync(store, window, settings.Series, cancellation).ConfigureAwait(false);
        var detections = new List<Detection>();
        foreach (var series in all)
        {
            if (series.Past.Length < settings.Learning) continue;
            var usual = UsualLevel.Of(series.Past);
            if (Begins(series.Past, series.Last, usual, settings)) detections.Add(Describe(window, settings.Series, series, usual).ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, all.Sum(static s => s.Values.Length));
    }

    protected abstract double LeastByDefault { get; }

    protected abstract double ReadFactor(SettingsReader settings);

    /// <summary>True where <paramref name="last"/> is out of the ordinary, the interval before it was not, and the past hardly ever was.</summary>
    protected abstract bool Begins(ReadOnlySpan<double> past, double last, UsualLevel usual, UsualLevelSettings settings);

    /// <summary>How far it is from the usual, as a fact.</summary>
    protected abstract (string Name, string Value) Distance(double last, double mean);

    private Finding Describe(EvaluationWindow window, SeriesSettings settings, IntervalSeries series, UsualLevel usual)
    {
        var measure = settings.Measure;
        var seen = Wording.Number(series.Last);
        var (name, value) = Distance(series.Last, usual.Mean);
        return new Finding(window, [.. series.Key, Wording.Time(window.Fresh.From)])
        {
            Time = window.Fresh.From, Related = EntityFields.All(settings.GroupBy, series.Key),
            Entity = EntityFields.Of(settings.GroupBy, series.Key, Entity.Of(EntityKind.Other, window.Rule.Title)),
            Chart = series.Chart(measure, _ => usual.Mean),
            Summary = $"{window.Rule.Title}: {EntityFields.Spoken(settings.GroupBy, series.Key)}, {(series.Last == 0 ? "nothing" : seen)} ({measure}) in {Wording.Span(series.Interval)}; {Wording.Number(usual.Mean)} was usual",
        }
        .Because(usual.Expected, seen, "at most " + Wording.OnceIn(usual.OnceIn(series.Last)) + " intervals",
            $"{series.Past.Length} intervals of {Wording.Span(series.Interval)} since {Wording.Time(series.Start)}")
        .With(settings.GroupBy, series.Key).With("measure", measure).With(name, value);
    }
}
