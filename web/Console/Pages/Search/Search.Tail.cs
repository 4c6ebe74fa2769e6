using Beacon.Events;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>Following: the newest events over and over.</summary>
public partial class Search
{
    private Task TailAsync()
    {
        if (_tail is not null) StopTail();
        else _tail = Clock.CreateTimer(_ => InvokeAsync(FollowAsync), null, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        return Task.CompletedTask;
    }

    private async Task PauseAsync()
    {
        _paused = !_paused;
        if (!_paused) await FollowAsync();
    }

    // The newest events over and over, never more than fit the table; while it is paused they are counted and not shown.
    private async Task FollowAsync()
    {
        if (_tail is null || _tailing || _refused is not null) return;
        _tailing = true;
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            var page = await Store.SearchAsync(new EventQuery { Filter = _filter, Range = _range with { To = Viewer.Now.AddMinutes(1) }, Limit = 200 }, soon.Token);
            if (_tail is null) return;
            var last = _rows.Count == 0 ? 0 : _rows.Max(r => r.Sequence);
            if (!_paused) await AlertsAsync(page.Events, soon.Token);
            if (_tail is null) return;
            _held = _paused ? page.Events.Count(e => e.Sequence > last) : 0;
            if (!_paused) (_rows, _next, _searched) = ([.. page.Events], page.Next, true);
            StateHasChanged();
        }
        catch (OperationCanceledException)
        {
            // The next beat asks again.
        }
        finally
        {
            _tailing = false;
        }
    }

    private void StopTail()
    {
        _tail?.Dispose();
        (_tail, _paused, _held) = (null, false, 0);
    }
}
