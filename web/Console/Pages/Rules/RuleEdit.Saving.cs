using Beacon.Detections.Rules.Stages;
using Beacon.Web.Console.Shell;
using Beacon.Web.Rules;
using Microsoft.AspNetCore.Components.Routing;

namespace Beacon.Web.Console.Pages.Rules;

/// <summary>How a text is kept: as a rule, as a draft that has faults yet, or one stage further.</summary>
public partial class RuleEdit
{
    private async Task<bool> SaveAsync(RuleStage? stage = null)
    {
        if (_ask is null) return false;
        if (Errors > 0) return await KeepAsync();
        var answer = await Desk.AskedSaveAsync(_ask, T, new RuleSave(_text, stage, _rule?.Revision, "") { Unfinished = _kept?.Id }, _rule, _by);
        if (answer is null) return false;
        if (answer.Rule is not { } rule)
        {
            _faults = answer.Faults.Count > 0 ? answer.Faults : _faults;
            _toasts!.Fail(T["NotSavedTitle"], (answer.Refusal?.Message ?? (answer.Faults is [var first, ..] ? first.Said : null)) is { } said ? Viewer.Say(said) : "");
            return false;
        }
        (_rule, _saved, _kept) = (rule, _text, null);
        if (_cases is { Changed: true } cases)
        {
            if (await Bench.KeepCasesAsync(rule, cases.Kept, _by, CancellationToken.None) is { } refusal) _toasts!.Fail(T["NotSavedTitle"], Viewer.Say(refusal.Message));
            else cases.MarkKept();
        }
        _toasts!.Done(T["Saved"], rule.Title, null);
        if (!rule.Id.Equals(Id, StringComparison.OrdinalIgnoreCase))
        {
            _leaving = true;
            Navigation.NavigateTo($"/rules/{rule.Id}/edit", replace: true);
        }
        StateHasChanged();
        return true;
    }

    // False: a text with faults is kept, and goes no further.
    private async Task<bool> KeepAsync()
    {
        if (!MayKeep || !Dirty) return false;
        var (draft, refusal) = await Desk.KeepUnfinishedAsync(_kept?.Id ?? _rule?.Id, _text, _by, CancellationToken.None);
        if (draft is null)
        {
            _toasts!.Fail(T["NotSavedTitle"], refusal is null ? "" : Viewer.Say(refusal.Message));
            return false;
        }
        (_kept, _saved) = (draft, _text);
        _toasts!.Done(T["SavedUnfinished"], draft.Title, null);
        if (!draft.Id.Equals(Id, StringComparison.OrdinalIgnoreCase))
        {
            (_leaving, _opened) = (true, draft.Id);
            Navigation.NavigateTo($"/rules/{draft.Id}/edit", replace: true);
        }
        return false;
    }

    private async Task ForwardAsync(RuleStage next)
    {
        if (Dirty && !await SaveAsync()) return;
        var answer = await Desk.AskedMoveAsync(_ask!, T, _rule!, next, _by);
        if (answer is null) return;
        if (answer.Rule is { } rule) (_rule, _) = (rule, 0);
        if (answer.Refusal is { } refusal) _toasts!.Fail(T["NotMoved"], Viewer.Say(refusal.Message));
        else if (answer.Move is { } move) _toasts!.Done(T["Moved" + next], _rule!.Title, () => UndoAsync(move));
        StateHasChanged();
    }

    private async Task UndoAsync(StageChange move)
    {
        var answer = await Desk.UndoAsync(move, T["Undone"], _by, CancellationToken.None);
        if (answer.Rule is { } rule) _rule = rule;
        else _toasts!.Fail(T["NotMoved"], answer.Refusal is { } refused ? Viewer.Say(refused.Message) : "");
        StateHasChanged();
    }

    private async Task LeaveAsync(LocationChangingContext context)
    {
        if (!Dirty || _leaving)
        {
            _leaving = false;
            return;
        }
        if (await _ask!.ShowAsync(new(T["LeaveTitle"], T["LeaveUnsaved"]) { Text = T["LeaveText"], AsksReason = false, Danger = true }) is null) context.PreventNavigation();
    }
}
