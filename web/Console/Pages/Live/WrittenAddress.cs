namespace Beacon.Web.Console.Pages.Live;

/// <summary>
/// Which alert a page itself wrote to its address. What it wrote comes back by way of the browser, when the cursor may be further on: only what somebody
/// else wrote (a link, the way back) moves the cursor.
/// </summary>
internal sealed class WrittenAddress
{
    private readonly List<long> _underWay = [];
    private long? _last, _seen;

    /// <returns>False where it stands there already, or is on its way there.</returns>
    public bool Write(long alert)
    {
        if (_last == alert) return false;
        _last = alert;
        _underWay.Add(alert);
        return true;
    }

    /// <summary>True where the address names another alert than before, and not by this page.</summary>
    public bool IsForeign(long? alert)
    {
        if (alert == _seen) return false;
        _seen = alert;
        if (alert is { } id && _underWay.Remove(id)) return false;
        _last = alert;
        return alert is not null;
    }
}
