using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Beacon.Detections;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Events;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Prints what the two ledgers hold; works beside a running Beacon.</summary>
internal static class LedgerCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var data = CommandLine.DataOption();
        var hours = new Option<int?>("--hours") { Description = "How far back, 1 to 8,760. Default: 24.", HelpName = "N" };
        var days = new Option<int?>("--days") { Description = "How far back in days, 1 to 365; instead of --hours.", HelpName = "N" };
        var rule = new Option<string?>("--rule") { Description = "Id of a rule: prints its looks, newest first, 1,000 at most.", HelpName = "ID" };
        var output = CommandLine.OutputOption("table", "json");
        var command = new Command("ledger", "Shows which share of each scheduled rule's windows was evaluated, and why not the rest; and received = stored + quarantined + dropped by source.\n\nExample:\n  ./run ledger --days 7") { data, hours, days, rule, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var span = Span(parsed.GetValue(hours), parsed.GetValue(days));
            using var state = StateSource.OpenBeside(parsed.GetValue(data)!);
            var asJson = parsed.GetValue(output) == "json";
            return parsed.GetValue(rule) is { } id ? await PrintRuleAsync(state, id, asJson, cancellation) : await PrintAsync(state, span, asJson, cancellation);
        }));
        return command;
    }

    private static TimeSpan Span(int? hours, int? days) => (hours, days) switch
    {
        ({ }, { }) => throw new CommandException("Give --hours or --days, not both."),
        (null, null) => TimeSpan.FromHours(24),
        ({ } h, null) => h is >= 1 and <= 8_760 ? TimeSpan.FromHours(h) : throw new CommandException("--hours is 1 to 8,760."),
        (null, { } d) => d is >= 1 and <= 365 ? TimeSpan.FromDays(d) : throw new CommandException("--days is 1 to 365."),
    };

    private static async Task<int> PrintRuleAsync(IStateDatabase state, string rule, bool json, CancellationToken cancellation)
    {
        var windows = await DetectionsModule.OpenLedger(state).WindowsAsync(rule, 1_000, cancellation);
        if (windows.Count == 0) throw new CommandException($"The ledger knows no rule '{rule}'; ./run ledger --output json names them.");
        if (json)
        {
            System.Console.WriteLine(JsonSerializer.Serialize(windows.Select(static w => new
            {
                w.Start, w.End, w.Revision, w.Windows, state = Name(w.State), w.Attempt, w.Token, w.Node, w.NewSince, w.Rows, w.Detections, w.Suppressed, w.Started, w.Finished,
                took_milliseconds = w.Took.TotalMilliseconds, w.RetryAt, w.Reason,
            }), Json));
            return 0;
        }
        System.Console.WriteLine($"{"window",-44} {"rev",4} {"state",-8} {"try",4} {"rows",10} {"found",6} {"silent",6} {"ms",8}  node, reason");
        foreach (var w in windows)
        {
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{w.Start:u} – {w.End:u} {w.Revision,4} {Name(w.State),-8} {w.Attempt,4} {w.Rows,10} {w.Detections,6} {w.Suppressed,6} {w.Took.TotalMilliseconds,8:0.0}  {w.Node} {w.Reason}"));
        }
        return 0;
    }

    private static async Task<int> PrintAsync(IStateDatabase state, TimeSpan span, bool json, CancellationToken cancellation)
    {
        var evaluation = await DetectionsModule.OpenLedger(state).SummariseAsync(span, cancellation);
        var now = TimeProvider.System.GetUtcNow();
        var loss = await Collectors.Pipeline.LossLedger.ReadTotalsAsync(state, new TimeRange(now - span, now.AddMinutes(1)), cancellation);
        if (json)
        {
            System.Console.WriteLine(JsonSerializer.Serialize(new
            {
                evaluation = evaluation.Select(static e => new
                {
                    rule = e.RuleId, e.Title, e.EvaluatedShare, e.Done, e.Failed, e.Skipped, e.Running, e.Waiting, e.Revisions, e.LateWaiting, e.EvaluatedUpTo,
                    gaps = e.Gaps.Select(static g => new { g.From, g.To, state = Name(g.State), g.Windows, g.Reason }),
                }),
                loss = loss.Select(static l => new { source = l.Key, l.Value.Received, l.Value.Stored, l.Value.Quarantined, l.Value.Dropped, l.Value.Balances }),
            }, Json));
            return 0;
        }
        System.Console.WriteLine($"{"rule",-44} {"evaluated",10} {"done",8} {"failed",7} {"left out",8} {"waiting",8} {"looked again",12}");
        foreach (var e in evaluation)
        {
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Short(e),-44} {(e.HasWindows ? e.EvaluatedShare.ToString("P2", CultureInfo.InvariantCulture) : "none due"),10} {e.Done,8} {e.Failed,7} {e.Skipped,8} {e.Waiting,8} {e.Revisions,12}"));
            foreach (var gap in e.Gaps) System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {gap.From:u} – {gap.To:u}  {Name(gap.State)}, {gap.Windows}: {gap.Reason}"));
        }
        System.Console.WriteLine();
        System.Console.WriteLine($"{"source",-24} {"received",12}   {"stored",12}   {"quarantined",11}   {"dropped",10}");
        foreach (var (source, c) in loss)
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{source,-24} {c.Received,12} = {c.Stored,12} + {c.Quarantined,11} + {c.Dropped,10}"));
        return 0;
    }

    private static string Short(LedgerSummary e) => e.Title.Length == 0 ? e.RuleId : e.Title.Length > 44 ? e.Title[..43] + "…" : e.Title;

    private static string Name(WindowState state) => state.ToString().ToLowerInvariant();
}
