using Microsoft.JSInterop;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>Where the cursor stands, and marks for a decision about several.</summary>
public partial class Live
{
    private async Task MoveAsync(int by)
    {
        if (Lines is not { Count: > 0 }) return;
        var at = Math.Clamp(At + by, 0, Lines.Count - 1);
        await GoAsync(Lines[at]);
        await ShowCursorAsync();
    }

    // Of a long list only what is near is drawn: a line far away is gone to by its place.
    private async Task ShowCursorAsync() => await Js.InvokeVoidAsync("beacon.revealAt", AlertList.DomId(_cursor), AlertList.WindowId, At - LiveLines.WindowFrom(Lines!), AlertList.RowHeight);

    private int At => Lines is null ? -1 : Lines.Select((l, i) => (l, i)).FirstOrDefault(x => x.l.Key == _cursor, (null!, -1)).Item2;
    private List<long> Shown => [.. Lines!.Where(l => l.Alert is not null).Select(l => l.Alert!.Id)];

    private Task MarkAsync()
    {
        if (Under?.Flood is { } flood) _marked.All([.. flood.Alerts.Select(a => a.Id)]);
        else if (Under?.Alert is { } alert) _marked.Toggle(alert.Id);
        return RevealAsync();
    }

    // What is said below the list covers its end: the cursor stays in sight.
    private async Task RevealAsync()
    {
        StateHasChanged();
        if (Lines is not null) await ShowCursorAsync();
    }

    private Task RangeAsync()
    {
        if (Under?.Alert is { } alert) _marked.Range(Shown, alert.Id);
        return Task.CompletedTask;
    }

    // All of the group: of the flood under the cursor, else all shown of the same rule.
    private Task GroupAsync()
    {
        if (Under?.Flood is { } flood) _marked.All([.. flood.Alerts.Select(a => a.Id)]);
        else if (Under?.Alert is { } alert) _marked.All([.. Items!.Where(a => a.RuleId == alert.RuleId).Select(a => a.Id)]);
        return RevealAsync();
    }

    private void ClearMarks() => _marked.Clear();
}
