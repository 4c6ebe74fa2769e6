using Beacon.Events;

namespace Beacon.Detections.Scheduled.ImpossibleTravel;

/// <param name="Filter">Sign-ins.</param>
/// <param name="By">Who travels, 1 to 5 fields.</param>
/// <param name="Location">Field of the place: "lat,lon" or "POINT (lon lat)" in it, or numbers in its fields .lat and .lon.</param>
/// <param name="MaxSpeed">Kilometres an hour that are possible, 1 to 100,000.</param>
/// <param name="LeastDistance">Kilometres below which two places may be one, given how well addresses can be placed; 0 to 20,000.</param>
internal sealed record ImpossibleTravelSettings(EventFilter Filter, IReadOnlyList<string> By, string Location, double MaxSpeed, double LeastDistance);
