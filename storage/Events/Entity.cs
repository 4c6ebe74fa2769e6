namespace Beacon.Events;

public enum EntityKind
{
    Host,
    User,
    Address,
    Source,
    Other,
}

/// <summary>Who or what a detection is about: detections of one rule about one entity form one alert.</summary>
public readonly record struct Entity(EntityKind Kind, string Value)
{
    /// <summary>"host:bas-01"; the value may hold colons.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Value}";

    /// <summary>Longest value kept, in UTF-16 units.</summary>
    public const int MaxLength = 256;

    public static Entity Of(EntityKind kind, string value) => new(kind, value.Length <= MaxLength ? value : value[..MaxLength]);
}

public static class Entities
{
    private static readonly (FieldId Field, EntityKind Kind)[] ByField =
    [
        (Field.HostName, EntityKind.Host), (Field.UserName, EntityKind.User), (Field.UserTargetName, EntityKind.User),
        (Field.SourceIp, EntityKind.Address), (Field.DestinationIp, EntityKind.Address), (Field.HostIp, EntityKind.Address),
    ];

    /// <summary>The entity that detections over this event are grouped by: the host it happened on, else its destination, else who did it, else the source.</summary>
    public static Entity Primary(SecurityEvent e)
    {
        if (e.GetText(Field.HostName) is { Length: > 0 } host) return Entity.Of(EntityKind.Host, host);
        if (e.GetText(Field.DestinationIp) is { Length: > 0 } destination) return Entity.Of(EntityKind.Address, destination);
        if (e.GetText(Field.SourceIp) is { Length: > 0 } address) return Entity.Of(EntityKind.Address, address);
        if (e.GetText(Field.UserName) is { Length: > 0 } user) return Entity.Of(EntityKind.User, user);
        return Entity.Of(EntityKind.Source, e.Source);
    }

    /// <summary>Every host, user and address that the event names, each once.</summary>
    public static IReadOnlyList<Entity> All(SecurityEvent e)
    {
        var all = new List<Entity>();
        foreach (var (field, kind) in ByField)
        {
            for (var i = e.IndexOf(field); i >= 0; i = e.IndexOf(field, i + 1))
            {
                var entity = Entity.Of(kind, e.TextAt(i));
                if (entity.Value.Length > 0 && !all.Contains(entity)) all.Add(entity);
            }
        }
        return all;
    }
}
