using System.Text.Json.Serialization;
using MessagePack;

namespace Beacon.Web.Live;

/// <summary>One change as the hub sends it, version 1. Fields are only ever added.</summary>
/// <param name="Sequence">Rises by one or more; a client that comes back asks for what follows the last it saw.</param>
/// <param name="Kind">"alert", "warning", "incident", "playbook", "source" or "rule".</param>
/// <param name="Payload">The object's summary as JSON, as GET /api/v1/… gives it.</param>
[MessagePackObject]
public sealed record ChangeMessage(
    [property: Key(0), JsonPropertyName("sequence")] long Sequence,
    [property: Key(1), JsonPropertyName("kind")] string Kind,
    [property: Key(2), JsonPropertyName("id")] string Id,
    [property: Key(3), JsonPropertyName("version")] int Version,
    [property: Key(4), JsonPropertyName("at")] DateTime At,
    [property: Key(5), JsonPropertyName("payload")] string Payload);

/// <summary>What a client is told first.</summary>
/// <param name="Latest">Newest sequence number.</param>
/// <param name="TooOld">True where the number asked for is no longer kept: load everything afresh, then follow from <see cref="Latest"/>.</param>
[MessagePackObject]
public sealed record HubState(
    [property: Key(0), JsonPropertyName("version")] int Version,
    [property: Key(1), JsonPropertyName("latest")] long Latest,
    [property: Key(2), JsonPropertyName("tooOld")] bool TooOld);
