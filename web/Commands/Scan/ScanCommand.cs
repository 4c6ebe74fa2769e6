using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands.Scan;

/// <summary>Matches rules over files, for incident responders: nothing is stored, nothing need be running.</summary>
internal static class ScanCommand
{
    /// <summary>Damaged places named; further ones are counted.</summary>
    private const int MaxFaults = 1_000;

    private static readonly string[] Levels = [.. Enum.GetNames<Severity>().Select(static l => l.ToLowerInvariant())];

    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files, archives (.zip, .gz, .tar, .tar.gz, .zst) or folders of logs.", Arity = ArgumentArity.OneOrMore };
        var rules = new Option<string[]>("--rules") { Description = "Rule files or folders; the shipped rules where it is left out.", HelpName = "PATH" };
        var format = new Option<string>("--format") { Description = "Format of text files.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
        var output = CommandLine.OutputOption("table", "ndjson", "csv", "timeline");
        output.Description += " A timeline is in the order of time over all files; the others in the order of the files.";
        var from = new Option<string>("--from") { Description = "Only events from this time on, ISO 8601; UTC where it names no zone.", HelpName = "TIME" };
        var to = new Option<string>("--to") { Description = "Only events before this time.", HelpName = "TIME" };
        var level = new Option<string>("--min-level") { Description = $"Only rules of this level or above: {string.Join(", ", Levels)}.", DefaultValueFactory = _ => Levels[0], HelpName = "LEVEL" };
        level.AcceptOnlyFromAmong(Levels);
        var pipelines = PipelineOption.Create();
        var explain = new Option<bool>("--explain") { Description = "With ndjson: where each rule matched, as \"matched\"." };
        var summary = new Option<string>("--summary") { Description = "Counts by rule, host and technique on stderr: text or none.", DefaultValueFactory = _ => "text", HelpName = "FORM" };
        summary.AcceptOnlyFromAmong("text", "none");
        var command = new Command("scan",
            "Matches Sigma rules over event logs and text logs. Matches go to stdout; the summary and what could not be read to stderr. Nothing is stored, and archives are not unpacked to disk.\n\nExample:\n  ./run scan /evidence --rules sigma/rules --min-level high --output timeline\n  ./run scan triage.zip --from 2026-03-01 --to 2026-03-02T06:00 --output ndjson --explain")
            { paths, rules, pipelines, format, output, from, to, level, explain, summary };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => Task.FromResult(Run(
            new ScanOptions(
                parsed.GetValue(paths)!, parsed.GetValue(rules) is { Length: > 0 } named ? named : [RulePaths.Shipped], parsed.GetValue(pipelines) ?? [], parsed.GetValue(format)!, parsed.GetValue(output)!,
                new ScanFilter(Time("--from", parsed.GetValue(from)), Time("--to", parsed.GetValue(to)), Enum.Parse<Severity>(parsed.GetValue(level)!, ignoreCase: true)),
                parsed.GetValue(explain), parsed.GetValue(summary) == "text"), cancellation))));
        return command;
    }

    private sealed record ScanOptions(string[] Paths, string[] Rules, string[] Pipelines, string Format, string Output, ScanFilter Filter, bool Explain, bool Summary);

    private static int Run(ScanOptions options, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        Check(options);
        foreach (var path in options.Paths) if (!File.Exists(path) && !Directory.Exists(path)) throw new CommandException($"{path} does not exist.");
        var parsers = CollectorsModule.CreateParsers();
        if (!new EventFileReader(parsers).Formats.Contains(options.Format)) throw new CommandException($"unknown format '{options.Format}'; known are {string.Join(", ", new EventFileReader(parsers).Formats)}");
        var load = LoadRules(options.Rules, PipelineOption.Read(options.Pipelines));
        var files = options.Paths.SelectMany(p => EventFileReader.EnumerateFiles(p).Select(f => (Path: f, Name: Name(p, f)))).ToList();
        if (files.Count == 0) throw new CommandException("There is no log file in what was named.");

        var engine = new ScanEngine(load.Set, load.Correlations, parsers, options.Format, options.Filter, options.Explain);
        var summary = new ScanSummary();
        var faults = new List<EventFileFault>();
        ScanTotals totals;
        try
        {
            using var output = Output(options);
            ScanProgress? progress = null;
            try
            {
                totals = engine.Run(files, Math.Max(2, Environment.ProcessorCount), match =>
                {
                    summary.Count(match);
                    output.Write(match);
                }, fault =>
                {
                    if (faults.Count < MaxFaults) faults.Add(fault);
                }, done => progress = ScanProgress.Start(files.Sum(static f => Size(f.Path)), done), cancellation);
            }
            finally
            {
                progress?.Dispose();
            }
            output.Finish();
        }
        catch (IOException gone) when (!cancellation.IsCancellationRequested)
        {
            // Whoever read our output may have seen enough (a pipe into head); a full disk must not pass for that.
            if (IsBrokenPipe(gone)) return 0;
            throw new CommandException($"The matches cannot be written: {gone.Message}");
        }
        Report(options, load, totals, summary, faults, clock);
        return 0;
    }

    private static void Report(ScanOptions options, RuleLoad load, ScanTotals totals, ScanSummary summary, List<EventFileFault> faults, Stopwatch clock)
    {
        var text = System.Console.Error;
        foreach (var fault in faults) text.WriteLine(TerminalText.Clean($"damaged: {fault.File}: {(fault.Place.Length == 0 ? "" : fault.Place + ": ")}{fault.Reason}"));
        if (totals.Faults > faults.Count) text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"damaged: {totals.Faults - faults.Count} more places"));
        if (totals.Outside > 0) text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{totals.Outside} events lie outside the time range"));
        if (totals.Forgotten > 0) text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"correlations could not remember {totals.Forgotten} matches: scan a shorter time, or fewer hosts at once"));
        if (options.Summary) text.Write(summary.Write());
        text.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"files {totals.Logs}, events {totals.Events}, bytes {totals.Bytes}, rules loaded {load.Set.Rules.Count}, rules refused {load.Refused}, matches {totals.Matches}, seconds {clock.Elapsed.TotalSeconds:0.00}"));
    }

    private static void Check(ScanOptions options)
    {
        if (options.Explain && options.Output != "ndjson") throw new CommandException("--explain goes with --output ndjson.");
        if (options.Filter is { From: { } from, To: { } to } && from >= to) throw new CommandException("--from lies before --to.");
    }

    private static IScanOutput Output(ScanOptions options)
    {
        var writer = new StreamWriter(System.Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024) { AutoFlush = !System.Console.IsOutputRedirected };
        return options.Output switch
        {
            "ndjson" => new NdjsonOutput(writer, options.Explain),
            "csv" => new CsvOutput(writer),
            "timeline" => new TimelineOutput(writer, new MatchSorter()),
            _ => new TableOutput(writer),
        };
    }

    /// <summary>Reads and compiles rules; what is refused is named on stderr.</summary>
    private static RuleLoad LoadRules(IEnumerable<string> paths, SigmaPipelines pipelines)
    {
        var load = RuleLoad.From([.. paths.SelectMany(RulePaths.Enumerate)], null, pipelines);
        foreach (var fault in load.Faults.Where(static f => f.Severity == FaultSeverity.Error)) System.Console.Error.WriteLine(TerminalText.Clean(fault.ToString()));
        return load;
    }

    internal static DateTimeOffset? Time(string option, string? text)
    {
        if (text is null) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new CommandException($"{option} '{text}' is no time such as 2026-03-01, 2026-03-01T14:30 or 2026-03-01T14:30:00+08:00.");
    }

    private static string Name(string root, string file) =>
        (Directory.Exists(root) ? Path.GetRelativePath(root, file) : Path.GetFileName(file)).Replace(Path.DirectorySeparatorChar, '/');

    private static long Size(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    // EPIPE, and its like on Windows (ERROR_BROKEN_PIPE, ERROR_NO_DATA).
    private static bool IsBrokenPipe(IOException fault) => (fault.HResult & 0xFFFF) is 32 or 109 or 232;
}
