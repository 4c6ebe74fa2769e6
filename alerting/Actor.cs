namespace Beacon.Alerting;

/// <summary>Who does something: a signed-in person, or the system itself.</summary>
/// <param name="Name">Name as shown and recorded, at most <see cref="MaxNameLength"/> UTF-16 units.</param>
/// <param name="Roles">Role names that the person holds, as <see cref="RoleNames"/> lists them.</param>
public sealed record Actor(string Name, IReadOnlyList<string> Roles)
{
    public const int MaxNameLength = 200;

    /// <summary>The name under which Beacon itself acts.</summary>
    public const string SystemName = "Beacon";

    public static Actor System { get; } = new(SystemName, [RoleNames.System]);

    public Actor(string name) : this(name, []) { }

    /// <summary>True where the person holds the role or one that includes it: administrator, supervisor, responder, operator, each the next.</summary>
    public bool Holds(string role)
    {
        if (role.Length == 0) return true;
        var wanted = Rank(role);
        foreach (var held in Roles)
            if (string.Equals(held, role, StringComparison.OrdinalIgnoreCase) || Rank(held) == RoleNames.Ranked.Count || (wanted > 0 && Rank(held) >= wanted)) return true;
        return false;
    }

    private static int Rank(string role)
    {
        for (var i = 0; i < RoleNames.Ranked.Count; i++) if (string.Equals(RoleNames.Ranked[i], role, StringComparison.OrdinalIgnoreCase)) return i + 1;
        return 0;
    }
}

/// <summary>Roles that alerting knows; a deployment may have others.</summary>
public static class RoleNames
{
    public const string System = "system";
    public const string Operator = "operator";
    public const string Responder = "responder";
    public const string Owner = "owner";
    public const string Supervisor = "supervisor";
    public const string Administrator = "administrator";

    /// <summary>Each includes those before it.</summary>
    public static IReadOnlyList<string> Ranked { get; } = [Operator, Responder, Supervisor, Administrator];
}
