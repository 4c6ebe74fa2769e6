using System.Globalization;
using Beacon.Alerting.Changes;

namespace Beacon.Web.Console.Pages.Live;

/// <summary>What comes while somebody looks.</summary>
public partial class Live
{
    // While the hand is on the list its rows stay where they are: what arrives is counted, and shown when asked for or when the hand leaves.
    private void Hold() => _held = true;

    private Task LetGoAsync()
    {
        _held = false;
        return Waiting > 0 ? ShowHeldAsync() : Task.CompletedTask;
    }

    private async Task ShowHeldAsync()
    {
        await LoadAsync();
        StateHasChanged();
    }

    private Task OnChangedAsync(IReadOnlyList<Change> changes) => InvokeAsync(async () =>
    {
        if (changes.Count > 0 && !changes.Any(c => c.Kind is ChangeKind.Alert or ChangeKind.Incident or ChangeKind.Warning)) return;
        if (_held && Items is not null)
            await _board!.UpdateInPlaceAsync(_filter, _actor.Name);
        else await LoadAsync();
        if (_study.Picked is not 0 and var picked && (changes.Count == 0 || changes.Any(c => c.Kind != ChangeKind.Alert || c.Id == picked.ToString(CultureInfo.InvariantCulture)))) await SelectAsync(picked);
        else if (Under is null && _study.Detail is null && Lines is { Count: > 0 }) await GoAsync(Lines[0], tell: false);
        StateHasChanged();
    });
}
