using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Web.Commands.Scan;

/// <summary>A rule matched an event of a scanned log.</summary>
/// <param name="Event">The log's name, '#', and the event's label in it.</param>
/// <param name="Host">Whose event it is, or empty.</param>
/// <param name="Matched">Where it matched; empty where that was not asked for.</param>
internal sealed record ScanMatch(string Event, SigmaRule Rule, DateTimeOffset Time, string Host, IReadOnlyList<MatchedField> Matched)
{
    public string Level => Rule.Level.ToString().ToLowerInvariant();
}
