using Beacon.Events;
using Beacon.Events.QueryLanguage;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Console.Pages.Search;

/// <summary>How a search is asked, and what of an older one is dropped.</summary>
public partial class Search
{
    private async Task SearchAsync()
    {
        _refused = null;
        if (!EventQueryText.TryParse(_link.Text, out _filter, out _)) return;
        _range = _link.Range(Viewer.Now, _link.Span == "all" ? await WholeAsync() : default);
        _search?.Cancel();
        using var search = _search = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var cancellation = search.Token;
        (_busy, _found) = (true, new SearchFindings());
        try
        {
            var started = Clock.GetTimestamp();
            var page = await Store.SearchAsync(new EventQuery { Filter = _filter, Range = _range, Limit = 200 }, cancellation);
            // A store may answer a search that was given up; what a later one found stays.
            cancellation.ThrowIfCancellationRequested();
            (_rows, _next, _searched, _behind) = ([.. page.Events], page.Next, true, Viewer.Now - Watermark.CompleteUpTo);
            _alerts.Clear();
            StateHasChanged();
            await AlertsAsync(_rows, cancellation);
            StateHasChanged();
            var found = await SearchFindings.ReadAsync(Store, _filter, _range, cancellation);
            cancellation.ThrowIfCancellationRequested();
            _found = found with { Took = (long)Clock.GetElapsedTime(started).TotalMilliseconds };
            if (_fields.Count == 0) _fields = await Store.FieldsAsync(_range, 500, cancellation);
        }
        catch (Exception) when (!ReferenceEquals(_search, search))
        {
            // Another search has taken its place, and says for itself how it went.
        }
        catch (EventQueryException refused)
        {
            _refused = Viewer.Say(refused.Said);
        }
        catch (OperationCanceledException)
        {
            _refused = T["Stopped"];
        }
        finally
        {
            if (ReferenceEquals(_search, search)) (_busy, _search) = (false, null);
        }
    }

    private async Task<TimeRange> WholeAsync()
    {
        var (now, parts) = (Viewer.Now, (await Store.StatusAsync(CancellationToken.None)).Parts);
        return parts.Count == 0 ? new TimeRange(now.AddDays(-1), now) : new TimeRange(parts.Min(p => p.From) ?? now.AddDays(-1), (parts.Max(p => p.To) ?? now).AddMilliseconds(1));
    }

    private async Task MoreAsync()
    {
        if (_next is null || _rows.Count >= MostRows) return;
        var page = await Store.SearchAsync(new EventQuery { Filter = _filter, Range = _range, Limit = 200, After = _next }, CancellationToken.None);
        await AlertsAsync(page.Events, CancellationToken.None);
        (_rows, _next) = ([.. _rows, .. page.Events], page.Next);
    }

    private async Task ChooseAsync(SecurityEventId id)
    {
        _around = await Store.NeighboursAsync(id, 6, 6, CancellationToken.None);
        // An alert may have come of it since the table was read.
        await _alerts.ReadAsync([id]);
        _chosen = _around?.Event;
    }

    private Task AlertsAsync(IEnumerable<SecurityEvent> events, CancellationToken cancellation) => _alerts.ReadAsync(events.Select(e => e.Id), cancellation);
}
