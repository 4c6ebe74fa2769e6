using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Events that have the same values.</summary>
/// <param name="Values">In the order in which the fields were asked for.</param>
/// <param name="Interval">Begin of their interval, in microseconds; 0 where none was asked for.</param>
/// <param name="First">Time of the earliest, where times were asked for.</param>
/// <param name="Newest">Of the events at <paramref name="Last"/> the one with the highest sequence, where it is known already.</param>
internal sealed record GroupBucket(string[] Values, long Interval, long Events, DateTimeOffset First, DateTimeOffset Last, SecurityEventId? Newest = null);
