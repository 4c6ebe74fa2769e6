using System.CommandLine;
using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>How fast frames become events, on one thread.</summary>
internal static class ParseBench
{
    /// <summary>Lines made per format: more than processor caches hold, little enough to make quickly.</summary>
    private const int Lines = 10_000;

    private sealed record Run(string Name, long Events, long Bytes, long Faults, Spent Spent);

    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "Files or folders of logs; without one, lines of our own in each format.", Arity = ArgumentArity.ZeroOrMore };
        var format = new Option<string>("--format") { Description = "Format of the files' lines.", DefaultValueFactory = _ => ParserCatalog.Auto, HelpName = "NAME" };
        var seconds = BenchCommand.SecondsOption(5, "How long to measure in all");
        var output = BenchCommand.OutputOption();
        var command = new Command("parse", "Measures how fast lines become ECS events on one thread: each format by itself, and all of them mixed. Files are read again and again, from the page cache after the first time.\n\nExample:\n  ./run bench parse\n  ./run bench parse /var/log/auth.log --seconds 10 --output json") { files, format, seconds, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() =>
        {
            var time = TimeSpan.FromSeconds(BenchCommand.Within("--seconds", parsed.GetValue(seconds), 1, 3_600));
            var named = parsed.GetValue(files) ?? [];
            var report = named.Length == 0 ? Generated(time, cancellation) : Files(named, parsed.GetValue(format)!, time, cancellation);
            BenchCommand.Print(report, parsed.GetValue(output)!);
            return Task.FromResult(0);
        }));
        return command;
    }

    public static BenchReport Generated(TimeSpan time, CancellationToken cancellation)
    {
        var parsers = CollectorsModule.CreateParsers();
        var names = SampleLines.Formats.Select(f => f.Name).ToList();
        var share = time / (names.Count + 1);
        // The mix comes first: it warms up the code of every format.
        var mixed = new SampleLines(2);
        var total = Measure(parsers, "mix", Make(mixed.Mixed), share, warmUp: true, cancellation);
        var runs = new List<Run>();
        foreach (var name in names)
        {
            var lines = new SampleLines(1);
            runs.Add(Measure(parsers, name, Make(t => lines.Line(name, t)), share, warmUp: false, cancellation));
        }
        return Report(runs, total);
    }

    public static BenchReport Files(IReadOnlyList<string> paths, string format, TimeSpan time, CancellationToken cancellation)
    {
        foreach (var path in paths) if (!File.Exists(path) && !Directory.Exists(path)) throw new CommandException($"{path} does not exist.");
        var files = paths.SelectMany(EventFileReader.EnumerateFiles).ToList();
        if (files.Count == 0) throw new CommandException("There is no log file in what was named.");
        var reader = new EventFileReader(CollectorsModule.CreateParsers());
        if (!reader.Formats.Contains(format)) throw new CommandException($"unknown format '{format}'; known are {string.Join(", ", reader.Formats)}");
        var runs = new List<Run>();
        var share = time / files.Count;
        foreach (var file in files)
        {
            // The first time fills the page cache and warms the code up; it is not counted.
            if (reader.Read(file, format, static (_, _) => { }, static _ => { }, cancellation).Events == 0) continue;
            var sum = new EventFileSummary(0, 0, 0, 0);
            var stint = new Stint();
            do sum += reader.Read(file, format, static (_, _) => { }, static _ => { }, cancellation);
            while (stint.Elapsed < share.TotalSeconds);
            runs.Add(new Run(file, sum.Events, sum.Bytes, sum.Faults, stint.End()));
        }
        if (runs.Count == 0) throw new CommandException("No event could be read in what was named: ./run parse says why.");
        var total = new Run("total", runs.Sum(r => r.Events), runs.Sum(r => r.Bytes), runs.Sum(r => r.Faults), runs.Aggregate(default(Spent), (s, r) => s + r.Spent));
        // A table of thousands of files tells nobody anything: the sum does.
        return Report(runs.Count <= 100 ? runs : [], total);
    }

    private static byte[][] Make(Func<DateTimeOffset, string> line)
    {
        var begin = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
        var lines = new byte[Lines][];
        for (var i = 0; i < Lines; i++) lines[i] = Encoding.UTF8.GetBytes(line(begin.AddMilliseconds(i * 10)));
        return lines;
    }

    private static Run Measure(ParserCatalog parsers, string name, byte[][] lines, TimeSpan time, bool warmUp, CancellationToken cancellation)
    {
        var e = new SecurityEvent(4096, 64);
        var info = FrameInfo.At(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
        long events = 0, bytes = 0, faults = 0;
        if (warmUp) Stint.WarmUp(Math.Min(0.3, time.TotalSeconds / 5), For);
        else For(Math.Min(0.1, time.TotalSeconds / 5));
        (events, bytes, faults) = (0, 0, 0);
        var (spent, _) = For(time.TotalSeconds);
        return new Run(name, events, bytes, faults, spent);

        (Spent Spent, long Events) For(double seconds)
        {
            var before = events;
            var stint = new Stint();
            do
            {
                cancellation.ThrowIfCancellationRequested();
                Pass();
            }
            while (stint.Elapsed < seconds);
            return (stint.End(), events - before);
        }

        void Pass()
        {
            foreach (var line in lines)
            {
                e.Reset();
                if (parsers.Parse(null, line, info, e, out _).Succeeded) events++;
                else faults++;
                bytes += line.Length;
            }
        }
    }

    private static BenchReport Report(List<Run> runs, Run total)
    {
        var report = new BenchReport("parse");
        Rates(report, total);
        report.Add("peak_memory_mb", Stint.PeakMemory());
        return report.Add("formats", [.. runs.Append(total).Select(r => Rates(BenchReport.Row().Add("name", r.Name), r))]);
    }

    private static BenchReport Rates(BenchReport report, Run run) => report
        .Add("events", run.Events)
        .Add("faults", run.Faults)
        .Add("events_per_second", run.Events / run.Spent.Seconds)
        .Add("bytes_per_second", run.Bytes / run.Spent.Seconds)
        .Add("bytes_per_event", run.Bytes / (double)Math.Max(1, run.Events))
        .Add("cpu_us_per_event", run.Spent.CpuSeconds * 1e6 / Math.Max(1, run.Events))
        .Add("allocated_bytes_per_event", run.Spent.AllocatedBytes / (double)Math.Max(1, run.Events));
}
