using Beacon.Events;

namespace Beacon.Web.Commands.Scan;

/// <summary>Which events and rules a scan is about.</summary>
/// <param name="From">Events before it are passed over.</param>
/// <param name="To">Events from it on are passed over.</param>
/// <param name="Least">Rules of a lower level are not reported.</param>
internal sealed record ScanFilter(DateTimeOffset? From, DateTimeOffset? To, Severity Least)
{
    public static readonly ScanFilter All = new(null, null, Severity.Informational);

    public bool Holds(DateTimeOffset time) => (From is not { } from || time >= from) && (To is not { } to || time < to);
}
