using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Collectors;
using Beacon.Collectors.Files;
using Beacon.Detections.Backtests;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Web.Commands.Rules;

namespace Beacon.Web.Rules;

/// <summary>Events read from what a person pasted.</summary>
/// <param name="Fault">Why nothing, or not all, could be read; or null.</param>
public sealed record PastedEvents(IReadOnlyList<SecurityEvent> Events, Phrase? Fault);

/// <summary>Tries texts of rules: on events, on cases, on what is stored; and notes what came of it for the text.</summary>
internal sealed class RuleBench(RuleCatalog catalog, RuleTrials trials, Backtest backtest, IAuditTrail audit)
{
    /// <summary>Longest paste, UTF-16 units.</summary>
    public const int MaxPaste = 200_000;

    /// <summary>Events of one paste; the rest is left.</summary>
    public const int MaxEvents = 100;

    // Each may fill a store of its own.
    private static readonly SemaphoreSlim Running = new(2, 2);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>The cases that stand beside a rule; empty where there are none.</summary>
    public static async Task<string> CasesAsync(RuleView rule, CancellationToken cancellation)
    {
        var file = new FileInfo(RuleCases.FileOf(rule.File));
        return file.Exists && file.Length <= CaseText.MaxLength * 4L ? await File.ReadAllTextAsync(file.FullName, cancellation) : "";
    }

    /// <summary>Keeps the cases of one of the installation's rules.</summary>
    public async Task<Refusal?> KeepCasesAsync(RuleView rule, string cases, string by, CancellationToken cancellation)
    {
        if (!rule.IsUserRule) return new Refusal(RefusalKind.Invalid, "the cases of a shipped rule are shipped with it");
        if (cases.Length > CaseText.MaxLength) return new Refusal(RefusalKind.TooLarge, $"cases have at most {CaseText.MaxLength} characters");
        var before = await CasesAsync(rule, cancellation);
        if (before == cases) return null;
        var file = RuleCases.FileOf(rule.File);
        await File.WriteAllTextAsync(file + ".new", cases, cancellation);
        File.Move(file + ".new", file, overwrite: true);
        await audit.AppendAsync(new AuditRecord(by, "rule.cases", $"rule:{rule.Id}", before, cases), cancellation);
        return null;
    }

    /// <summary>Runs cases over a text, neither of which need be saved.</summary>
    /// <returns>Null where others are running too many, or it took too long.</returns>
    public async Task<RuleCasesResult?> RunCasesAsync(string text, string cases, string by, CancellationToken cancellation)
    {
        if (!await Running.WaitAsync(TimeSpan.FromSeconds(10), cancellation)) return null;
        var folder = Directory.CreateTempSubdirectory("beacon-bench-");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            var file = Path.Combine(folder.FullName, "rule.yml");
            await File.WriteAllTextAsync(file, text, limit.Token);
            await File.WriteAllTextAsync(RuleCases.FileOf(file), cases, limit.Token);
            var result = ScheduledRuleReader.IsScheduled(text) ? await ScheduledCases.RunAsync(file, CaseStores.AddAsync, limit.Token) : catalog.RunCases(file);
            if (catalog.HeadOf(text) is { } head)
            {
                var held = string.Create(CultureInfo.InvariantCulture, $"{result.Cases.Count(static c => c.Passed)}/{result.Cases.Count}");
                await trials.AddAsync(head.Id, TrialKind.Cases, text, result.Passed && result.Cases.Any(static c => c.Expected), held, new RuleAct(by), cancellation);
            }
            return result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            Running.Release();
            folder.Delete(recursive: true);
        }
    }

    /// <summary>What a text would have raised.</summary>
    /// <exception cref="BacktestException">The text has a fault, or can't be tested.</exception>
    /// <exception cref="EventQueryException">The store refuses the question.</exception>
    public async Task<BacktestReport> BacktestAsync(string text, TimeRange range, string by, CancellationToken cancellation)
    {
        var report = await backtest.RunTextAsync(catalog, text, range, cancellation);
        if (catalog.HeadOf(text) is { } head) await NoteAsync(head.Id, text, report, by, cancellation);
        return report;
    }

    /// <summary>What a rule of the catalog would have raised.</summary>
    /// <exception cref="BacktestException">There is no such rule, or it can't be tested.</exception>
    /// <exception cref="EventQueryException">The store refuses the question.</exception>
    public async Task<BacktestReport> BacktestRuleAsync(string id, TimeRange range, string by, CancellationToken cancellation)
    {
        var rule = catalog.Find(id);
        var report = await backtest.RunAsync(catalog, id, range, cancellation);
        if (rule is not null) await NoteAsync(rule.Id, rule.Source, report, by, cancellation);
        return report;
    }

    /// <summary>Reads log lines or JSON as the collectors would.</summary>
    public static PastedEvents Read(string text)
    {
        if (text.Length > MaxPaste) return new PastedEvents([], $"at most {MaxPaste} characters are read");
        var folder = Directory.CreateTempSubdirectory("beacon-paste-");
        try
        {
            var file = Path.Combine(folder.FullName, "pasted.log");
            File.WriteAllText(file, text);
            var events = new List<SecurityEvent>();
            Phrase? fault = null;
            new EventFileReader(CollectorsModule.CreateParsers()).Read(file, "auto", (e, _) =>
            {
                if (events.Count < MaxEvents) events.Add(e.Clone());
            }, f => fault ??= f.Reason);
            return new PastedEvents(events, fault);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Task NoteAsync(string id, string text, BacktestReport report, string by, CancellationToken cancellation)
    {
        var raised = report.Rules.Where(r => r.RuleId.Equals(id, StringComparison.OrdinalIgnoreCase)).Sum(static r => r.Raised);
        return trials.AddAsync(id, TrialKind.Backtest, text, true, string.Create(CultureInfo.InvariantCulture, $"{raised} in {report.Range.Length.TotalDays:0.#} d"), new RuleAct(by), cancellation);
    }
}
