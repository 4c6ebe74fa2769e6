using System.CommandLine;
using Beacon.Detections.Scheduled.Anomaly;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench.Nab;

/// <summary>The anomaly detector on a corpus in the layout of the Numenta Anomaly Benchmark, scored as NAB scores.</summary>
internal static class NabBench
{
    /// <summary>Points that time is measured over, at least: the corpus is run again until then.</summary>
    private const long LeastPoints = 1_000_000;

    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "The corpus: data/GROUP/NAME.csv, and windows.json (or labels/combined_windows.json)." };
        var output = BenchCommand.OutputOption();
        var command = new Command("nab", "Measures anomaly detection on labelled series and computes NAB's score: 0 for silence, 100 for every anomaly at its first point and no false alarm.\n\nExample:\n  ./run bench nab ../NAB --output json") { folder, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() =>
        {
            var (series, missing) = NabCorpus.Read(parsed.GetValue(folder)!);
            if (missing.Count > 0) System.Console.Error.WriteLine($"{missing.Count} labelled series are not there and are left out, {missing[0]} among them.");
            BenchCommand.Print(Run(series, cancellation), parsed.GetValue(output)!);
            return Task.FromResult(0);
        }));
        return command;
    }

    public static BenchReport Run(IReadOnlyList<NabSeries> corpus, CancellationToken cancellation)
    {
        var results = new List<NabResult>(corpus.Count);
        var bytes = new List<long>(corpus.Count);
        foreach (var series in corpus)
        {
            cancellation.ThrowIfCancellationRequested();
            var scores = new double[series.Values.Length];
            var before = GC.GetAllocatedBytesForCurrentThread();
            Detect(series, scores);
            // What a detector allocates in its life it also keeps, so this bounds what it holds.
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            results.Add(new NabResult(series, scores));
        }
        var shipped = NabScorer.At(results, NabProfile.Standard, SeriesDetector.Threshold);
        var report = new BenchReport("nab").Add("series_count", corpus.Count).Add("windows", corpus.Sum(s => s.Windows.Count)).Add("points", corpus.Sum(s => (long)s.Values.Length));
        foreach (var profile in NabProfile.All)
        {
            var best = NabScorer.Best(results, profile);
            report.Add(profile.Key, best.Normalised).Add(profile.Key + "_threshold", best.Threshold);
        }
        report.Add("shipped_standard", shipped.Normalised).Add("shipped_threshold", SeriesDetector.Threshold);
        report.Add("us_per_point", MicrosecondsPerPoint(corpus, cancellation)).Add("bytes_per_series", bytes.Max());
        return report.Add("series", [.. results.Select((r, i) => Row(r, bytes[i]))]);
    }

    private static BenchReport Row(NabResult result, long bytes)
    {
        var (series, scores) = result;
        var alarms = Enumerable.Range(series.Probation, scores.Length - series.Probation).Where(i => scores[i] >= SeriesDetector.Threshold).ToList();
        return BenchReport.Row()
            .Add("name", series.Name)
            .Add("points", scores.Length)
            .Add("windows", series.Windows.Count)
            .Add("found", series.Windows.Count(w => alarms.Exists(i => w.First <= i && i <= w.Last)))
            .Add("false_alarms", alarms.Count(i => !series.Windows.Any(w => w.First <= i && i <= w.Last)))
            .Add("raw_score", NabScorer.At([result], NabProfile.Standard, SeriesDetector.Threshold).Raw)
            .Add("bytes", bytes);
    }

    private static void Detect(NabSeries series, double[] scores)
    {
        var detector = new SeriesDetector(Math.Max(SeriesDetector.LeastLearning, series.Probation));
        for (var i = 0; i < scores.Length; i++) scores[i] = detector.Observe(series.Times[i], series.Values[i]).Score;
    }

    private static double MicrosecondsPerPoint(IReadOnlyList<NabSeries> corpus, CancellationToken cancellation)
    {
        var scores = corpus.Select(s => new double[s.Values.Length]).ToList();
        long points = 0;
        var stint = new Stint();
        while (points < LeastPoints)
        {
            for (var i = 0; i < corpus.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Detect(corpus[i], scores[i]);
                points += scores[i].Length;
            }
        }
        return stint.End().CpuSeconds * 1e6 / points;
    }
}
