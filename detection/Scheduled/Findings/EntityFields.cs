using Beacon.Events;

namespace Beacon.Detections.Scheduled.Findings;

/// <summary>What kind of thing a field names.</summary>
internal static class EntityFields
{
    public static EntityKind KindOf(string field) => field switch
    {
        "source.ip" or "destination.ip" or "host.ip" or "client.ip" or "server.ip" or "source.address" or "destination.address" => EntityKind.Address,
        "host.name" or "host.hostname" or "observer.name" or "winlog.computer_name" => EntityKind.Host,
        _ when field.StartsWith("user.", StringComparison.Ordinal) => EntityKind.User,
        _ => EntityKind.Other,
    };

    /// <summary>The entity of a group: its first field that names somebody or something, else its first.</summary>
    public static Entity Of(IReadOnlyList<string> fields, IReadOnlyList<string> values, Entity otherwise)
    {
        for (var i = 0; i < fields.Count; i++)
            if (KindOf(fields[i]) is var kind and not EntityKind.Other) return Entity.Of(kind, values[i]);
        return otherwise;
    }

    /// <summary>All the entities that a group's fields name.</summary>
    public static IEnumerable<Entity> All(IReadOnlyList<string> fields, IReadOnlyList<string> values)
    {
        for (var i = 0; i < fields.Count; i++)
            if (KindOf(fields[i]) is var kind and not EntityKind.Other) yield return Entity.Of(kind, values[i]);
    }

    /// <summary>"source.ip 203.0.113.9, user.name root", or the words for no group.</summary>
    public static string Spoken(IReadOnlyList<string> fields, IReadOnlyList<string> values) =>
        fields.Count == 0 ? "all events together" : string.Join(", ", fields.Select((f, i) => $"{f} {values[i]}"));
}
