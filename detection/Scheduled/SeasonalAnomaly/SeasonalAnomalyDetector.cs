using Beacon.Detections.Scheduled.Anomaly;
using Beacon.Detections.Scheduled.Findings;
using Beacon.Detections.Scheduled.Series;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.SeasonalAnomaly;

/// <summary>
/// A number that its own past makes unlikely, by the hour of the day and of the week where these tell anything. The series is read anew for each window, so
/// that the same window over the same data says the same.
/// </summary>
internal sealed class SeasonalAnomalyDetector(IEventStore store, TimeProvider time) : IScheduledDetector
{
    private sealed record Judged(IntervalSeries Series, SeriesVerdict Verdict, double[] Expected);

    public string Name => "seasonal-anomaly";

    public bool LooksBack => true;

    public bool ComparesIntervals => true;

    public object? ReadSettings(SettingsReader settings)
    {
        var series = SeriesSettings.Read(settings, TimeSpan.FromDays(14), 100);
        var learning = (int)settings.Number("learning", SeriesDetector.LeastLearning, 100_000, 288);
        var atLeast = settings.Number("at-least", 0, 1e15, 10);
        return settings.HasErrors ? null : new SeasonalAnomalySettings(series, learning, atLeast);
    }

    public async Task<EvaluationResult> EvaluateAsync(EvaluationWindow window, IReadOnlyList<IReadOnlyList<GroupCount>> answers, CancellationToken cancellation)
    {
        var settings = (SeasonalAnomalySettings)window.Rule.Settings;
        var all = await SeriesHistory.ReadAsync(store, window, settings.Series, cancellation).ConfigureAwait(false);
        var detections = new List<Detection>();
        foreach (var series in all)
        {
            cancellation.ThrowIfCancellationRequested();
            if (series.Past.Length < settings.Learning) continue;
            var judged = Judge(series, settings.Learning);
            if (judged.Verdict.IsAnomaly && Math.Max(judged.Verdict.Seen, judged.Verdict.Expected) >= settings.AtLeast)
                detections.Add(Describe(window, settings, judged).ToDetection(time.GetUtcNow()));
        }
        return new EvaluationResult(detections, all.Sum(static s => s.Values.Length));
    }

    private static Judged Judge(IntervalSeries series, int learning)
    {
        var detector = new SeriesDetector(learning);
        var expected = new double[series.Values.Length];
        var verdict = default(SeriesVerdict);
        for (var i = 0; i < series.Values.Length; i++)
        {
            verdict = detector.Observe(series.TimeAt(i), series.Values[i]);
            expected[i] = verdict.Expected;
        }
        return new Judged(series, verdict, expected);
    }

    private static Finding Describe(EvaluationWindow window, SeasonalAnomalySettings settings, Judged judged)
    {
        var (series, verdict, expected) = judged;
        var measure = settings.Series.Measure;
        var spoken = EntityFields.Spoken(settings.Series.GroupBy, series.Key);
        return new Finding(window, [.. series.Key, Wording.Time(window.Fresh.From)])
        {
            Time = window.Fresh.From, Related = EntityFields.All(settings.Series.GroupBy, series.Key),
            Entity = EntityFields.Of(settings.Series.GroupBy, series.Key, Entity.Of(EntityKind.Other, window.Rule.Title)),
            Chart = series.Chart(measure, i => expected[i]),
            Summary = $"{window.Rule.Title}: {spoken}, {Wording.Number(verdict.Seen)} ({measure}) in {Wording.Span(series.Interval)}; {Wording.Number(verdict.Expected)} was expected at this time",
        }
        .Because($"{Wording.Number(verdict.Expected)}, give or take {Wording.Number(verdict.Spread)}", Wording.Number(verdict.Seen), $"{Spoken(verdict.Sign)}: {Wording.OnceIn(verdict.OnceIn)} intervals",
            $"{verdict.History} intervals of {Wording.Span(series.Interval)} since {Wording.Time(series.Start)}")
        .With(settings.Series.GroupBy, series.Key).With("measure", measure).With("score", Wording.Number(verdict.Score));
    }

    private static string Spoken(SeriesSign sign) => sign switch
    {
        SeriesSign.Rise => "a rise so steep",
        SeriesSign.Fall => "a fall so steep",
        SeriesSign.High => "so high for these hours",
        SeriesSign.Low => "so low for these hours",
        SeriesSign.AboveUsual => "so far above the usual",
        SeriesSign.BelowUsual => "so far below the usual",
        SeriesSign.StaysAbove => "so far above the usual, several times in a row",
        SeriesSign.StaysBelow => "so far below the usual, several times in a row",
        SeriesSign.DriftsAbove => "so long above the usual",
        SeriesSign.DriftsBelow => "so long below the usual",
        SeriesSign.Restless => "so restless",
        _ => "so still",
    };
}
