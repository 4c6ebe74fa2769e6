using Microsoft.JSInterop;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>What each key does on the page of alerts.</summary>
public partial class Live
{
    private void SetKeys()
    {
        Task Go(string url) { Navigation.NavigateTo(url); return Task.CompletedTask; }
        KeyBinding K(string key, string label, Func<Task> action, bool shown = true) => new(key, label, async () => { await action(); StateHasChanged(); }, shown);
        Keys.Set(this,
        [
            K("j", T["KeyMove"], () => MoveAsync(1)), K("k", T["KeyMove"], () => MoveAsync(-1), false), K("ArrowDown", T["KeyMove"], () => MoveAsync(1), false), K("ArrowUp", T["KeyMove"], () => MoveAsync(-1), false),
            K("Home", T["KeyFirst"], () => MoveAsync(-1_000_000), false), K("End", T["KeyLast"], () => MoveAsync(1_000_000), false),
            K("a", T["Acknowledge"], () => _triage!.AcknowledgeAsync(Meant)), K("s", T["Assign"], () => _triage!.AssignAsync(Meant)), K("e", T["Escalate"], () => _triage!.EscalateAsync(Meant)), K("d", T["Dismiss"], () => _triage!.DismissAsync(Meant)),
            K("h", T["Shelve"], () => _triage!.ShelveAsync(Meant)), K("c", T["Except"], () => Under?.Flood is null && Meant is [var one] ? _triage!.ExceptAsync(one) : Task.CompletedTask, false), K("p", T["OpenPlaybook"], () => OpenIncidentAsync("?playbook=1")), K("i", T["OpenIncident"], () => OpenIncidentAsync(""), false),
            K("z", Shell["Undo"], UndoAsync), K("x", T["KeyMark"], MarkAsync), K("X", T["KeyRange"], RangeAsync, false), K("g", T["KeyGroup"], GroupAsync, false), K("Escape", T["MarkedClear"], () => { ClearMarks(); return Task.CompletedTask; }, false),
            K("Enter", T["KeyOpen"], () => Under?.Flood is { } f ? OpenFloodAsync(f.Key) : Task.CompletedTask, false), K("n", T["KeyNext"], () => { _pane?.Next(); return Task.CompletedTask; }, false), K("o", T["InItsPlace"], () => _pane?.EventId is { } e ? Go("/search?event=" + e) : Task.CompletedTask, false),
            K("v", Shell["Views"], () => _views!.ToggleAsync(), false), K("w", T["AwayTitle"], () => { _away?.Open(); return Task.CompletedTask; }, false), K("t", T["HandOver"], () => Go("/live/handover"), false),
            K("/", T["KeyFilter"], async () => await Js.InvokeVoidAsync("beacon.focus", "filter")), K(".", T["KeyShowHeld"], ShowHeldAsync, false),
        ]);
    }
}
