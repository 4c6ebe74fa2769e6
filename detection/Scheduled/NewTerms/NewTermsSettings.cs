using Beacon.Events;

namespace Beacon.Detections.Scheduled.NewTerms;

/// <param name="Filter">Events that count.</param>
/// <param name="Fields">Fields whose values together are a term, 1 to 5.</param>
/// <param name="History">How far back a term must be unknown, 1 minute to 90 days.</param>
/// <param name="Learning">How old the oldest matching event must be before anything is called new; at most the history.</param>
internal sealed record NewTermsSettings(EventFilter Filter, IReadOnlyList<string> Fields, TimeSpan History, TimeSpan Learning);
