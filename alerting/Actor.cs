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

    public bool Holds(string role) =>
        Roles.Contains(role, StringComparer.OrdinalIgnoreCase) || Roles.Contains(RoleNames.Administrator, StringComparer.OrdinalIgnoreCase);
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
}
