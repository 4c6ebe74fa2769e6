using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Versions;
using Beacon.Detections.Rules.Volume;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>What people change: texts and stages. One change at a time.</summary>
public sealed partial class RuleCatalog
{
    /// <summary>Moves rules to a stage, durably and with one reload. A rule that stands there already neither moves nor is refused.</summary>
    public async Task<StageResult> MoveAsync(IReadOnlyCollection<string> ids, RuleStage to, RuleAct act, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var (rules, refused) = (new List<(string, RuleStage)>(), new List<StageRefusal>());
            foreach (var id in ids.Distinct(StringComparer.OrdinalIgnoreCase))
            {
                if (!_current.ById.TryGetValue(id, out var rule)) refused.Add(new StageRefusal(id, "there is no such rule", IsUnknown: true));
                else if (_current.StageOf(id) is var from && from == to) continue;
                else if (StageMoves.Find(from, to) is not { } move) refused.Add(new StageRefusal(id, $"there is no way from {from.Said()} to {to.Said()}"));
                else if (move.AsksReason && string.IsNullOrWhiteSpace(act.Reason)) refused.Add(new StageRefusal(id, $"the way from {from.Said()} to {to.Said()} asks for a reason"));
                else if (to == RuleStage.Staged && rule.Filter is not null) refused.Add(new StageRefusal(id, "a filter raises nothing: there is nothing to count while it is staged"));
                else rules.Add((rule.Id, from));
            }
            return new StageResult(await WriteMovesAsync(rules, to, act, cancellation).ConfigureAwait(false), refused);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Takes a rule's last move back: it stands where it stood before.</summary>
    /// <param name="number">Of the move that was seen; null where there is a newer one.</param>
    public async Task<StageChange?> UndoMoveAsync(string id, long number, RuleAct act, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_current.ById.TryGetValue(id, out var rule)) return null;
            if (await _stages.HistoryAsync(rule.Id, cancellation).ConfigureAwait(false) is not [var last, ..] || last.Number != number || last.To != _current.StageOf(id)) return null;
            return (await WriteMovesAsync([(rule.Id, last.To)], last.From, act, cancellation).ConfigureAwait(false))[0];
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Moves of a rule, newest first, at most <see cref="StageStore.MaxChanges"/>.</summary>
    public Task<IReadOnlyList<StageChange>> MovesAsync(string id, CancellationToken cancellation) => _stages.HistoryAsync(Find(id)?.Id ?? id, cancellation);

    /// <summary>What rules found by day, for those that found something.</summary>
    public Task<IReadOnlyDictionary<string, RuleDays>> DaysAsync(CancellationToken cancellation) => Volume.ReadAsync(cancellation);

    /// <summary>What a staged rule would have raised, newest first, at most <see cref="RuleVolume.MaxExamples"/>.</summary>
    public Task<IReadOnlyList<StagedExample>> StagedExamplesAsync(string id, CancellationToken cancellation) => Volume.ExamplesAsync(Find(id)?.Id ?? id, cancellation);

    /// <summary>
    /// Adds a rule of the installation, or replaces it where its id is there, as its newest version. One rule a text, or one correlation with rules
    /// that it joins. A shipped rule is not replaced: retire it, and give yours an id.
    /// </summary>
    /// <param name="stage">Where it stands from now on; null: where it stands, or as a draft where it is new.</param>
    /// <param name="revision"><see cref="RuleView.Revision"/> of the text that it replaces; null to replace whichever there is.</param>
    public async Task<RuleChange> SaveAsync(string text, RuleStage? stage, string? revision, RuleAct act, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var faults = Read("rule.yml", text, out var rules);
            if (faults.Any(static f => f.Severity == FaultSeverity.Error)) return new RuleChange([], faults);
            if (RuleLinks.HeadOf(rules) is not { } head)
                return new RuleChange([], [.. faults, Fault($"the text holds {rules.Count} rules; save one at a time", "only rules that a correlation in the same text joins are saved with it")]);
            var file = new RuleFileText(_options.UserRules, head, rules, _current.Rules);
            if (file.Refusal is { } refusal) return new RuleChange([], [.. faults, refusal]);
            var before = _current.ById.GetValueOrDefault(head);
            if (revision is not null && (before is null || RuleText.HashOf(before.Source) != revision)) return new RuleChange([], faults) { IsStale = true };
            if (before is not null && stage is { } to && _current.StageOf(head) is var stands && to != stands && StageMoves.Find(stands, to) is null) return new RuleChange([], [.. faults, Fault($"there is no way from {stands.Said()} to {to.Said()}", "")]);
            // The stage is there before the file: a draft must not be live for the blink of an eye.
            foreach (var rule in rules)
            {
                var from = _current.ById.ContainsKey(rule.Id) ? _current.StageOf(rule.Id) : stage ?? RuleStage.Draft;
                await _stages.MoveAsync([(rule.Id, from)], rule.Id == head || !_current.ById.ContainsKey(rule.Id) ? stage ?? from : from, act, cancellation).ConfigureAwait(false);
            }
            await _versions.AddAsync(head, before?.Source, text, act, cancellation).ConfigureAwait(false);
            Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
            var draft = file.Path + ".new";
            await File.WriteAllTextAsync(draft, file.With(text), cancellation).ConfigureAwait(false);
            File.Move(draft, file.Path, overwrite: true);
            await LoadAsync(cancellation).ConfigureAwait(false);
            foreach (var rule in rules) LogSaved(rule.Title, act.By);
            return new RuleChange([head, .. rules.Select(static r => r.Id).Where(id => id != head)], faults);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes a rule of the installation; a correlation with the rules that were saved with it. What refers to it from elsewhere is blind then.</summary>
    /// <returns>False where there is no such rule, or it was shipped, or its file holds others too.</returns>
    public async Task<bool> DeleteAsync(string id, string by, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var current = _current;
            if (!current.ById.TryGetValue(id, out var rule) || !rule.IsUser) return false;
            var others = current.Rules.Where(r => r.Id != rule.Id && RuleFileText.SamePath(r.File, rule.File)).ToArray();
            if (others.Length > 0 && (rule.Correlation is null || RuleLinks.HeadOf([rule, .. others]) != rule.Id)) return false;
            File.Delete(rule.File);
            File.Delete(RuleCases.FileOf(rule.File));
            await LoadAsync(cancellation).ConfigureAwait(false);
            LogDeleted(rule.Title, by);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task<IReadOnlyList<StageChange>> WriteMovesAsync(List<(string, RuleStage)> rules, RuleStage to, RuleAct act, CancellationToken cancellation)
    {
        if (rules.Count == 0) return [];
        var moved = await _stages.MoveAsync(rules, to, act, cancellation).ConfigureAwait(false);
        await LoadAsync(cancellation).ConfigureAwait(false);
        foreach (var change in moved.Take(50)) LogMoved(_current.ById.GetValueOrDefault(change.RuleId)?.Title ?? change.RuleId, change.From, change.To, act.By);
        return moved;
    }
}
