using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Stages;
using Beacon.Web.Console.Shell;
using Beacon.Web.Rules;

namespace Beacon.Web.Console.Pages.Rules;

/// <summary>What an owner does with the picked rule, or with a pack: each asks first, and each move has its way back.</summary>
public partial class Rules
{
    private async Task SwitchPackAsync((string Pack, bool On) asked)
    {
        var rules = _all.Where(r => RulePack.Of(r) == asked.Pack && (asked.On ? r.Stage == RuleStage.Retired && r.Status is not ("deprecated" or "unsupported") : r.Stage.IsEvaluated())).ToList();
        if (!_mayOwn || rules.Count == 0) return;
        var untried = asked.On ? await Desk.CountUntriedAsync(rules, CancellationToken.None) : 0;
        if (await _ask!.ShowAsync(new(T[asked.On ? "PackOnTitle" : "PackOffTitle", rules.Count, T["Pack" + asked.Pack].Value], T[asked.On ? "MoveLive" : "MoveRetired"])
        { Text = asked.On && untried > 0 ? T["PackUntried", untried] : T[asked.On ? "PackOnText" : "PackOffText"], ReasonRequired = !asked.On || untried > 0, Danger = !asked.On }) is not { } answer) return;
        await Desk.MoveAllAsync([.. rules.Select(r => r.Id)], asked.Pack, asked.On ? RuleStage.Live : RuleStage.Retired, answer.Reason, _by, CancellationToken.None);
        await LoadAsync();
    }

    private async Task MoveAsync(RuleStage to)
    {
        if (!_mayOwn || _rule is not { } rule) return;
        var answer = await Desk.AskedMoveAsync(_ask!, T, rule, to, _by);
        if (answer is null) return;
        if (answer.Refusal is { } refusal) _toasts!.Fail(T["NotMoved"], Viewer.Say(refusal.Message));
        else if (answer.Move is { } move) _toasts!.Done(T["Moved" + to], Titles.Rule(rule.Title), () => UndoAsync(move));
        await LoadAsync();
    }

    private async Task UndoAsync(StageChange move)
    {
        var answer = await Desk.UndoAsync(move, T["Undone"], _by, CancellationToken.None);
        if (answer.Refusal is { } refusal) _toasts!.Fail(T["NotMoved"], Viewer.Say(refusal.Message));
        await LoadAsync();
    }

    private async Task RestoreAsync(long number)
    {
        if (_rule is not { } rule || await Versions.FindAsync(rule.Id, number, CancellationToken.None) is not { Text: { } text }) return;
        var answer = await Desk.AskedSaveAsync(_ask!, T, new RuleSave(text, null, rule.Revision, T["RestoredFrom", number]), rule, _by);
        if (answer is null) return;
        if (answer.Done) _toasts!.Done(T["Restored"], rule.Title, null);
        else _toasts!.Fail(T["NotRestored"], (answer.Refusal?.Message ?? (answer.Faults is [var first, ..] ? first.Message : null)) is { } said ? Viewer.Say(said) : "");
        await LoadAsync();
    }

    private async Task DeleteAsync()
    {
        if (_rule is not { IsUserRule: true } rule || await _ask!.ShowAsync(new(T["DeleteTitle", rule.Title], T["Delete"]) { Danger = true, ReasonRequired = true }) is not { } answer) return;
        var gone = await Desk.DeleteAsync(rule.Id, answer.Reason, draftsOnly: true, _by, CancellationToken.None);
        if (gone.Refusal is { } refusal) _toasts!.Fail(T["NotDeleted"], Viewer.Say(refusal.Message));
        await LoadAsync();
        await GoAsync(null, Text, Pack, Show, Stage);
    }
}
