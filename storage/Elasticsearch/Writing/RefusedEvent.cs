using Beacon.Events;

namespace Beacon.Storage.Elasticsearch.Writing;

/// <summary>An event that the server will not store, and why.</summary>
internal sealed record RefusedEvent(SecurityEvent Event, string Reason);
