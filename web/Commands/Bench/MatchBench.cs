using System.CommandLine;
using System.Diagnostics;
using Beacon.Collectors;
using Beacon.Collectors.Parsers;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Bench;

/// <summary>How fast events pass the compiled rules, with and without their parsing.</summary>
internal static class MatchBench
{
    /// <summary>Events kept parsed for the measurement without parsing.</summary>
    private const int MaxParsed = 100_000;

    public static Command Create()
    {
        var rules = new Option<string[]>("--rules") { Description = "Rule files or folders; the shipped rules where it is left out.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
        var events = new Option<string>("--events") { Description = "File of events, one JSON object a line (ECS, winlog, or flat Windows JSON), or lines of any format that Beacon reads; at most 1 GiB. Without it, lines of our own.", HelpName = "FILE" };
        var threads = new Option<int>("--threads") { Description = "Threads that match at once, 1 to 256.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var seconds = BenchCommand.SecondsOption(10, "How long each of the two measurements takes");
        var output = BenchCommand.OutputOption();
        var command = new Command("match", "Measures how fast events are matched against compiled rules: parsing included, and without it. 'matches' counts one pass over the events.\n\nExample:\n  ./run bench match --rules sigma/rules --events events.ndjson --threads 1 --output json") { rules, events, threads, seconds, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() =>
        {
            var time = TimeSpan.FromSeconds(BenchCommand.Within("--seconds", parsed.GetValue(seconds), 1, 3_600));
            var count = BenchCommand.Within("--threads", parsed.GetValue(threads), 1, 256);
            var paths = parsed.GetValue(rules) is { Length: > 0 } named ? named : [Path.Combine(AppContext.BaseDirectory, "rules")];
            BenchCommand.Print(Run(paths, parsed.GetValue(events), count, time, cancellation), parsed.GetValue(output)!);
            return Task.FromResult(0);
        }));
        return command;
    }

    public static BenchReport Run(IReadOnlyList<string> rulePaths, string? eventFile, int threads, TimeSpan time, CancellationToken cancellation)
    {
        // Parsers declare the fields that rules bind to: they come first, as they do in the running program.
        var parsers = CollectorsModule.CreateParsers();
        var loading = Stopwatch.GetTimestamp();
        var load = RuleLoad.From([.. rulePaths.SelectMany(RulePaths.Enumerate)]);
        var set = load.Set;
        var loaded = Stopwatch.GetElapsedTime(loading).TotalSeconds;
        if (set.Rules.Count == 0) throw new CommandException($"There is no rule in {string.Join(", ", rulePaths)}.");

        var lines = eventFile is null ? BenchLines.Generated() : BenchLines.ReadFile(eventFile);
        var (parsed, matches, faults) = FirstPass(parsers, set, lines, cancellation);
        if (parsed.Count == 0) throw new CommandException($"No event could be read in {eventFile}: ./run parse says why.");

        var window = Math.Min(0.5, time.TotalSeconds / 10);
        Stint.WarmUp(window, seconds => Loop(threads, lines.Count, TimeSpan.FromSeconds(seconds), Whole, cancellation));
        var (whole, wholeEvents) = Loop(threads, lines.Count, time, Whole, cancellation);
        Stint.WarmUp(window, seconds => Loop(threads, parsed.Count, TimeSpan.FromSeconds(seconds), Bare, cancellation));
        var (bare, bareEvents) = Loop(threads, parsed.Count, time, Bare, cancellation);
        return new BenchReport("match")
            .Add("threads", threads)
            .Add("rules_loaded", set.Rules.Count)
            .Add("rules_refused", load.Refused)
            .Add("rules_blind", set.Rules.Count(r => r.BlindReason is not null))
            .Add("load_seconds", loaded)
            .Add("events", lines.Count)
            .Add("events_not_read", faults)
            .Add("bytes_per_event", lines.Bytes / (double)lines.Count)
            .Add("matches", matches)
            .Add("events_per_second", wholeEvents / whole.Seconds)
            .Add("events_per_second_without_parsing", bareEvents / bare.Seconds)
            .Add("cpu_us_per_event", whole.CpuSeconds * 1e6 / wholeEvents)
            .Add("cpu_us_per_event_without_parsing", bare.CpuSeconds * 1e6 / bareEvents)
            .Add("allocated_bytes_per_event", whole.AllocatedBytes / (double)wholeEvents)
            .Add("peak_memory_mb", Stint.PeakMemory());

        Action<int> Whole()
        {
            var (e, hits) = (new SecurityEvent(4096, 64), new List<CompiledRule>());
            return i =>
            {
                e.Reset();
                if (!parsers.Parse(null, lines[i], Frame, e, out _).Succeeded) return;
                hits.Clear();
                set.Match(e, hits);
            };
        }

        Action<int> Bare()
        {
            var hits = new List<CompiledRule>();
            return i =>
            {
                hits.Clear();
                set.Match(parsed[i], hits);
            };
        }
    }

    private static readonly FrameInfo Frame = FrameInfo.At(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));

    private static (List<SecurityEvent> Parsed, long Matches, long Faults) FirstPass(ParserCatalog parsers, RuleSet set, BenchLines lines, CancellationToken cancellation)
    {
        var parsed = new List<SecurityEvent>();
        var hits = new List<CompiledRule>();
        var e = new SecurityEvent(4096, 64);
        long matches = 0, faults = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            if ((i & 0xFFF) == 0) cancellation.ThrowIfCancellationRequested();
            e.Reset();
            if (!parsers.Parse(null, lines[i], Frame, e, out _).Succeeded)
            {
                faults++;
                continue;
            }
            hits.Clear();
            set.Match(e, hits);
            matches += hits.Count;
            if (parsed.Count < MaxParsed) parsed.Add(e.Clone());
        }
        return (parsed, matches, faults);
    }

    /// <summary>Every thread goes through all items again and again, each from a place of its own, until the time is over.</summary>
    private static (Spent Spent, long Events) Loop(int threads, int items, TimeSpan time, Func<Action<int>> create, CancellationToken cancellation)
    {
        long events = 0;
        var stint = new Stint();
        var workers = Enumerable.Range(0, threads).Select(n => new Thread(() =>
        {
            var each = create();
            var at = (int)((long)items * n / threads);
            long done = 0;
            while (stint.Elapsed < time.TotalSeconds && !cancellation.IsCancellationRequested)
            {
                for (var i = 0; i < 256; i++)
                {
                    each(at);
                    if (++at == items) at = 0;
                }
                done += 256;
            }
            Interlocked.Add(ref events, done);
        })).ToList();
        workers.ForEach(w => w.Start());
        workers.ForEach(w => w.Join());
        cancellation.ThrowIfCancellationRequested();
        return (stint.End(), events);
    }
}
