using System.Globalization;
using Beacon.Alerting;
using Beacon.Alerting.Audit;
using Beacon.Detections.Backtests;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Drafts;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Events;

namespace Beacon.Web.Rules;

/// <summary>Changes rules for a person: checked, under the text that was read, tried before it is live, and recorded.</summary>
internal sealed class RuleDesk(RuleCatalog catalog, UnfinishedDrafts unfinished, RuleTrials trials, Backtest backtest, IAuditTrail audit)
{
    private static readonly RuleStage[] ForNew = [RuleStage.Draft, RuleStage.Test, RuleStage.Staged];

    public async Task<RuleAnswer> SaveAsync(RuleSave save, string by, CancellationToken cancellation)
    {
        if (Reason(save.Reason) is { } tooLong) return tooLong;
        if (save.Text.Length > RuleCatalog.MaxRuleLength) return RuleAnswer.Refused(RefusalKind.TooLarge, $"a rule has at most {RuleCatalog.MaxRuleLength} characters");
        RuleView? before = null;
        if (catalog.HeadOf(save.Text) is not { } head) return await Told(await catalog.SaveAsync(save.Text, save.Stage, save.Revision, new RuleAct(by, save.Reason), cancellation));
        before = catalog.Find(head.Id);
        if (before is { IsUserRule: false }) return RuleAnswer.Refused(RefusalKind.Invalid, $"the id {head.Id} belongs to the shipped rule '{before.Title}': give yours an id of its own, and retire the shipped one");
        if (before is not null && save.Revision is null) return RuleAnswer.Refused(RefusalKind.Conflict, $"there is a rule with the id {head.Id} already: change that one, or give yours another id");
        if (before is null && save.Revision is not null) return RuleAnswer.Refused(RefusalKind.Conflict, $"there is no rule {head.Id} any more: the id of a rule stays as it is");
        if (before is null && save.Stage is { } first && !ForNew.Contains(first)) return RuleAnswer.Refused(RefusalKind.Invalid, "a new rule begins as draft, test or staged");
        var stage = save.Stage ?? before?.Stage ?? RuleStage.Draft;
        if (before is not null && stage != before.Stage && StageMoves.Find(before.Stage, stage) is { AsksReason: true } && string.IsNullOrWhiteSpace(save.Reason))
            return RuleAnswer.Refused(RefusalKind.Invalid, $"the way from {before.Stage.Said()} to {stage.Said()} asks for a reason");
        if (stage == RuleStage.Live && await UntriedAsync(head.Id, head.Kind, save.Text, shipped: false, cancellation) is { Count: > 0 } untried && !(save.Confirmed && !string.IsNullOrWhiteSpace(save.Reason)))
            return Unconfirmed(untried);
        return await Told(await catalog.SaveAsync(save.Text, save.Stage, save.Revision, new RuleAct(by, save.Reason), cancellation));

        async Task<RuleAnswer> Told(RuleChange change)
        {
            if (change.IsStale) return RuleAnswer.Refused(RefusalKind.Conflict, "somebody saved this rule meanwhile: read it again");
            if (!change.Accepted) return new RuleAnswer(null, change.Faults);
            foreach (var id in (string?[])[change.Ids[0], save.Unfinished]) if (id is not null) await unfinished.DropAsync(id, cancellation);
            await audit.AppendAsync(new AuditRecord(by, "rule.save", $"rule:{change.Ids[0]}", before?.Source ?? "", save.Text, save.Reason), cancellation);
            return new RuleAnswer(catalog.Find(change.Ids[0]), change.Faults);
        }
    }

    /// <summary>Keeps a text that has faults as a draft, or as the newest text of one.</summary>
    /// <param name="id">Of the draft that is being written; null for a new one.</param>
    public async Task<(UnfinishedDraft? Draft, Refusal? Refusal)> KeepUnfinishedAsync(string? id, string text, string by, CancellationToken cancellation)
    {
        if (text.Length > RuleCatalog.MaxRuleLength) return (null, new Refusal(RefusalKind.TooLarge, $"a rule has at most {RuleCatalog.MaxRuleLength} characters"));
        if (id is not null && catalog.Find(id) is { } rule && (!rule.IsUserRule || rule.Stage != RuleStage.Draft)) return (null, new Refusal(RefusalKind.Conflict, $"the rule stands at {rule.Stage.Said()}: only a draft keeps a text with faults"));
        id ??= UnfinishedDraft.IdOf(text) is { } own && catalog.Find(own) is null ? own : Guid.NewGuid().ToString("D");
        var before = await unfinished.FindAsync(id, cancellation);
        if (await unfinished.KeepAsync(id, text, by, cancellation) is not { } draft) return (null, new Refusal(RefusalKind.TooLarge, $"there are {UnfinishedDrafts.MaxDrafts} texts with faults already: mend or delete some"));
        await audit.AppendAsync(new AuditRecord(by, "rule.keep-unfinished", $"rule:{id}", before?.Text ?? "", text), cancellation);
        return (draft, null);
    }

    /// <summary>Moves one rule; into live only tried, or confirmed with a reason.</summary>
    public async Task<RuleAnswer> MoveAsync(string id, RuleStage to, string reason, bool confirmed, string by, CancellationToken cancellation)
    {
        if (Reason(reason) is { } tooLong) return tooLong;
        if (await unfinished.FindAsync(id, cancellation) is not null) return RuleAnswer.Refused(RefusalKind.Conflict, "its newest text has faults: mend them, or delete that text");
        if (catalog.Find(id) is not { } rule) return RuleAnswer.Refused(RefusalKind.NotFound, $"there is no rule {id}");
        if (to == RuleStage.Live && StageMoves.Find(rule.Stage, to) is not null && await UntriedAsync(rule, cancellation) is { Count: > 0 } untried && !(confirmed && !string.IsNullOrWhiteSpace(reason))) return Unconfirmed(untried);
        var result = await catalog.MoveAsync([rule.Id], to, new RuleAct(by, reason), cancellation);
        if (result.Refused is [{ } refused, ..]) return RuleAnswer.Refused(RefusalKind.Invalid, refused.Message);
        foreach (var move in result.Moved) await RecordAsync(move, cancellation);
        return new RuleAnswer(catalog.Find(id), []) { Move = result.Moved.Count > 0 ? result.Moved[0] : null };
    }

    /// <summary>Moves the rules of a pack, with one line in the audit trail.</summary>
    /// <param name="name">The pack's.</param>
    /// <returns>How many moved.</returns>
    public async Task<int> MoveAllAsync(IReadOnlyCollection<string> ids, string name, RuleStage to, string reason, string by, CancellationToken cancellation)
    {
        var result = await catalog.MoveAsync(ids, to, new RuleAct(by, reason), cancellation);
        await audit.AppendAsync(new AuditRecord(by, "rule.pack-stage", $"pack:{name}", After: string.Create(CultureInfo.InvariantCulture, $"{result.Moved.Count} rules to {to}"), Reason: reason), cancellation);
        return result.Moved.Count;
    }

    /// <summary>Takes a rule's last move back.</summary>
    public async Task<RuleAnswer> UndoAsync(StageChange move, string reason, string by, CancellationToken cancellation)
    {
        if (await catalog.UndoMoveAsync(move.RuleId, move.Number, new RuleAct(by, reason), cancellation) is not { } undone) return RuleAnswer.Refused(RefusalKind.Conflict, "the rule was moved again meanwhile");
        await RecordAsync(undone, cancellation);
        return new RuleAnswer(catalog.Find(move.RuleId), []) { Move = undone };
    }

    /// <summary>Deletes a rule of the installation.</summary>
    /// <param name="draftsOnly">Refuses what was ever more than a draft's text.</param>
    public async Task<RuleAnswer> DeleteAsync(string id, string reason, bool draftsOnly, string by, CancellationToken cancellation)
    {
        if (Reason(reason) is { } tooLong) return tooLong;
        // The text with faults goes first: what stood before it is still there.
        if (await DropAsync(id, reason, by, cancellation) is { } draft) return new RuleAnswer(draft.View, []);
        if (catalog.Find(id) is not { } rule) return RuleAnswer.Refused(RefusalKind.NotFound, $"there is no rule {id}");
        if (draftsOnly && rule.Stage != RuleStage.Draft) return RuleAnswer.Refused(RefusalKind.Conflict, $"the rule stands at {rule.Stage.Said()}: only a draft is deleted; retire it instead");
        if (!await catalog.DeleteAsync(id, by, cancellation)) return RuleAnswer.Refused(RefusalKind.Invalid, "the rule was shipped, or its file holds others, too");
        await trials.ForgetAsync(rule.Id, cancellation);
        await audit.AppendAsync(new AuditRecord(by, "rule.delete", $"rule:{rule.Id}", rule.Source, Reason: reason), cancellation);
        return new RuleAnswer(rule, []);
    }

    /// <summary>Deletes a text with faults, and nothing else.</summary>
    /// <returns>Why not, or null.</returns>
    public async Task<Refusal?> DropUnfinishedAsync(string id, string reason, string by, CancellationToken cancellation) =>
        Reason(reason)?.Refusal ?? (await DropAsync(id, reason, by, cancellation) is null ? new Refusal(RefusalKind.NotFound, $"there is no text with faults of {id}") : null);

    private async Task<UnfinishedDraft?> DropAsync(string id, string reason, string by, CancellationToken cancellation)
    {
        if (await unfinished.FindAsync(id, cancellation) is not { } draft || !await unfinished.DropAsync(id, cancellation)) return null;
        await audit.AppendAsync(new AuditRecord(by, "rule.drop-unfinished", $"rule:{id}", draft.Text, Reason: reason), cancellation);
        return draft;
    }

    /// <summary>What the rule's text was not tried on yet.</summary>
    public Task<IReadOnlyList<TrialKind>> UntriedAsync(RuleView rule, CancellationToken cancellation) => UntriedAsync(rule.Id, rule.Kind, rule.Source, !rule.IsUserRule, cancellation);

    /// <summary>Which of the rules have something that their text was not tried on.</summary>
    public async Task<int> CountUntriedAsync(IEnumerable<RuleView> rules, CancellationToken cancellation)
    {
        var passed = await trials.PassedAsync(cancellation);
        return rules.Count(r => Untried(passed, r.Id, r.Kind, r.Source, !r.IsUserRule && File.Exists(RuleCases.FileOf(r.File))).Count > 0);
    }

    private async Task<IReadOnlyList<TrialKind>> UntriedAsync(string id, string kind, string text, bool shipped, CancellationToken cancellation) =>
        Untried(await trials.PassedAsync(cancellation), id, kind, text, shipped && catalog.Find(id) is { } rule && File.Exists(RuleCases.FileOf(rule.File)));

    /// <param name="casesShipped">The rule came with cases, which held when it was made.</param>
    private List<TrialKind> Untried(HashSet<(string, TrialKind, string)> passed, string id, string kind, string text, bool casesShipped)
    {
        var (hash, untried) = (RuleText.HashOf(text), new List<TrialKind>(2));
        if (kind == "filter") return untried;
        if (!casesShipped && !passed.Contains((id, TrialKind.Cases, hash))) untried.Add(TrialKind.Cases);
        if (backtest.CanTest(kind) && !passed.Contains((id, TrialKind.Backtest, hash))) untried.Add(TrialKind.Backtest);
        return untried;
    }

    private Task<AuditEntry> RecordAsync(StageChange move, CancellationToken cancellation) =>
        audit.AppendAsync(new AuditRecord(move.By, "rule.stage", $"rule:{move.RuleId}", move.From.ToString(), move.To.ToString(), move.Reason), cancellation);

    private static RuleAnswer? Reason(string reason) => reason.Length > RuleAct.MaxReason ? RuleAnswer.Refused(RefusalKind.Invalid, $"a reason has at most {RuleAct.MaxReason} characters") : null;

    private static RuleAnswer Unconfirmed(IReadOnlyList<TrialKind> untried) => RuleAnswer.Refused(
        RefusalKind.Conflict, $"this text was not tried on {Said(untried)}: confirm with a reason, or try it first") with { Untried = untried };

    private static Phrase Said(IReadOnlyList<TrialKind> untried) => untried switch
    {
        [TrialKind.Cases] => (Phrase)"cases that all come out as they say",
        [_] => "stored events",
        _ => "cases that all come out as they say and stored events",
    };
}
