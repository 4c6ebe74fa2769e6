using Beacon.Detections.Indicators;
using Beacon.Events;

namespace Beacon.Detections.Scheduled.IndicatorMatch;

/// <param name="Filter">Events that are compared; all without it.</param>
/// <param name="Kinds">Kinds of indicators that are looked for.</param>
/// <param name="LookBack">How far back events are compared with an indicator that is new, 0 to 90 days.</param>
internal sealed record IndicatorMatchSettings(EventFilter Filter, IReadOnlyList<IndicatorKind> Kinds, TimeSpan LookBack);
