using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Beacon.Collectors;
using Beacon.Detections;
using Beacon.Events;
using Beacon.State;
using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Prints what the two ledgers hold; works beside a running Beacon.</summary>
internal static class LedgerCommand
{
    public static Command Create()
    {
        var data = CommandLine.DataOption();
        var hours = new Option<int>("--hours") { Description = "How far back, 1 to 8,760.", DefaultValueFactory = _ => 24, HelpName = "N" };
        var output = CommandLine.OutputOption("table", "json");
        var command = new Command("ledger", "Shows which share of each scheduled rule's windows was evaluated, and why not the rest; and received = stored + quarantined + dropped by source.\n\nExample:\n  ./run ledger --hours 24") { data, hours, output };
        command.SetAction((parsed, cancellation) => CommandLine.RunAsync(async () =>
        {
            var file = StateServices.FileIn(parsed.GetValue(data)!);
            var span = parsed.GetValue(hours) is var n and >= 1 and <= 8_760 ? TimeSpan.FromHours(n) : throw new CommandException("--hours is 1 to 8,760.");
            using var state = SqliteStateDatabase.Open(file, [DetectionsModule.Schema, CollectorsSchema.Schema]);
            return await PrintAsync(state, span, parsed.GetValue(output) == "json", cancellation);
        }));
        return command;
    }

    private static async Task<int> PrintAsync(IStateDatabase state, TimeSpan span, bool json, CancellationToken cancellation)
    {
        var evaluation = await DetectionsModule.OpenLedger(state, TimeProvider.System).SummariseAsync(span, cancellation);
        var now = TimeProvider.System.GetUtcNow();
        var loss = await Collectors.Pipeline.LossLedger.ReadTotalsAsync(state, new TimeRange(now - span, now.AddMinutes(1)), cancellation);
        if (json)
        {
            System.Console.WriteLine(JsonSerializer.Serialize(new
            {
                evaluation = evaluation.Select(e => new { rule = e.RuleId, evaluated_share = e.EvaluatedShare, done = e.Done, failed = e.Failed, skipped = e.Skipped, evaluated_up_to = e.EvaluatedUpTo, gaps = e.Gaps.Select(g => new { from = g.From, to = g.To, state = g.State.ToString().ToLowerInvariant(), reason = g.Reason }) }),
                loss = loss.Select(l => new { source = l.Key, received = l.Value.Received, stored = l.Value.Stored, quarantined = l.Value.Quarantined, dropped = l.Value.Dropped, balances = l.Value.Balances }),
            }));
            return 0;
        }
        System.Console.WriteLine($"{"rule",-40} {"evaluated",10} {"done",8} {"failed",8} {"left out",8}");
        foreach (var e in evaluation)
        {
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.RuleId,-40} {e.EvaluatedShare,10:P2} {e.Done,8} {e.Failed,8} {e.Skipped,8}"));
            foreach (var gap in e.Gaps) System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {gap.From:u} – {gap.To:u}  {gap.State}: {gap.Reason}"));
        }
        System.Console.WriteLine();
        System.Console.WriteLine($"{"source",-24} {"received",12}   {"stored",12}   {"quarantined",11}   {"dropped",10}");
        foreach (var (source, c) in loss)
            System.Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{source,-24} {c.Received,12} = {c.Stored,12} + {c.Quarantined,11} + {c.Dropped,10}"));
        return 0;
    }
}
