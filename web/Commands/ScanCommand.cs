using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Detections.Matching;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Matches rules over files, for incident responders: nothing is stored, nothing need be running.</summary>
internal static class ScanCommand
{
    private sealed record Match(string Event, string Rule, string Title, string Level, DateTimeOffset Time, string Host);

    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files or folders of logs.", Arity = ArgumentArity.OneOrMore };
        var rules = new Option<string[]>("--rules") { Description = "Rule files or folders; the shipped rules where it is left out.", HelpName = "PATH" };
        var format = new Option<string>("--format") { Description = "Format of text files.", DefaultValueFactory = _ => "auto", HelpName = "NAME" };
        var output = CommandLine.OutputOption("table", "ndjson");
        var command = new Command("scan", "Matches Sigma rules over event logs and text logs. Matches go to stdout, the summary and damaged files to stderr.\n\nExample:\n  ./run scan /evidence/evtx --rules sigma/rules --output ndjson") { paths, rules, format, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(() => Task.FromResult(Run(
            parsed.GetValue(paths)!, parsed.GetValue(rules) is { Length: > 0 } named ? named : [Path.Combine(AppContext.BaseDirectory, "rules")],
            parsed.GetValue(format)!, parsed.GetValue(output) == "ndjson", cancellation))));
        return command;
    }

    private static int Run(string[] paths, string[] rulePaths, string format, bool ndjson, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        foreach (var path in paths) if (!File.Exists(path) && !Directory.Exists(path)) throw new CommandException($"{path} does not exist.");
        var load = LoadRules(rulePaths);
        var set = load.Set;
        var files = paths.SelectMany(p => EventFileReader.EnumerateFiles(p).Select(f => (File: f, Name: Name(p, f)))).ToList();
        if (files.Count == 0) throw new CommandException("There is no log file in what was named.");

        // Files differ in size by orders of magnitude: the largest first, so that no core ends alone with a big one.
        var order = files.Select((f, i) => (f.File, f.Name, Index: i, Size: new FileInfo(f.File).Length)).OrderByDescending(f => f.Size).ToList();
        var done = new List<Match>?[files.Count];
        var faults = new ConcurrentQueue<EventFileFault>();
        long events = 0, bytes = 0, matched = 0;
        var finished = 0;
        using var progress = ScanProgress.Start(order.Sum(f => f.Size), () => Interlocked.Read(ref bytes));
        var parsers = CollectorsModule.CreateParsers();
        var printed = 0;
        var gate = new Lock();
        var queue = new ConcurrentQueue<(string File, string Name, int Index, long Size)>(order);
        void Work()
        {
            var reader = new EventFileReader(parsers);
            var hits = new List<CompiledRule>();
            while (queue.TryDequeue(out var file))
            {
                cancellation.ThrowIfCancellationRequested();
                var found = new List<Match>();
                var summary = reader.Read(file.File, format, (e, label) =>
                {
                    hits.Clear();
                    set.Match(e, hits);
                    foreach (var hit in hits)
                        found.Add(new Match($"{file.Name}#{label}", hit.Rule.Id, hit.Rule.Title, hit.Rule.Level.ToString().ToLowerInvariant(), e.Timestamp, e.GetText(Field.HostName) ?? ""));
                }, faults.Enqueue, cancellation);
                Interlocked.Add(ref events, summary.Events);
                Interlocked.Add(ref bytes, file.Size);
                Interlocked.Add(ref matched, found.Count);
                Interlocked.Increment(ref finished);
                // Printed in the order of the files, whichever was read first, so that two runs give the same output.
                lock (gate)
                {
                    done[file.Index] = found;
                    for (; printed < done.Length && done[printed] is { } next; printed++)
                    {
                        Print(next, ndjson);
                        done[printed] = [];
                    }
                }
            }
        }
        var workers = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, files.Count)).Select(_ => Task.Factory.StartNew(Work, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            Task.WaitAll(workers, cancellation);
        }
        catch (AggregateException fault) when (fault.InnerException is ArgumentException { ParamName: "format" } unknown)
        {
            throw new CommandException(unknown.Message);
        }
        System.Console.Out.Flush();
        progress.Dispose();
        foreach (var fault in faults) System.Console.Error.WriteLine($"damaged: {fault.File}: {fault.Place}: {fault.Reason}");
        System.Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"files {finished}, events {events}, bytes {bytes}, rules loaded {set.Rules.Count}, rules refused {load.Refused}, matches {matched}, seconds {clock.Elapsed.TotalSeconds:0.00}"));
        return 0;
    }

    /// <summary>Reads and compiles rules; what is refused is named on stderr.</summary>
    private static RuleLoad LoadRules(IEnumerable<string> paths)
    {
        var load = RuleLoad.From([.. paths.SelectMany(RulePaths.Enumerate)]);
        foreach (var fault in load.Faults.Where(f => f.Severity == FaultSeverity.Error)) System.Console.Error.WriteLine(fault.ToString());
        return load;
    }

    private static string Name(string root, string file) =>
        (Directory.Exists(root) ? Path.GetRelativePath(root, file) : Path.GetFileName(file)).Replace(Path.DirectorySeparatorChar, '/');

    private static void Print(List<Match> matches, bool ndjson)
    {
        foreach (var m in matches)
        {
            if (ndjson) System.Console.Out.WriteLine(JsonSerializer.Serialize(new ScanLine(m.Event, m.Rule, m.Title, m.Level, m.Time.UtcDateTime), ScanJson.Default.ScanLine));
            else System.Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{m.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}  {m.Level,-13} {m.Host,-20} {m.Title}  {m.Event}"));
        }
    }
}
