using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Web.Console.Pages.Warnings;

/// <summary>The matrix as an administrator is changing it; made from one version.</summary>
internal sealed class MatrixDraft(WarningMatrix matrix)
{
    private readonly Dictionary<(AssetImportance, DamageGrade), WarningLevel> _cells = matrix.Cells.ToDictionary(c => (c.Importance, c.Damage), c => c.Level);
    private readonly Dictionary<WarningLevel, LevelPolicy> _policies = matrix.Policies.ToDictionary(p => p.Level);

    /// <summary>The version that it was made from.</summary>
    public int Version => matrix.Version;

    public WarningLevel this[AssetImportance importance, DamageGrade damage]
    {
        get => _cells[(importance, damage)];
        set => _cells[(importance, damage)] = value;
    }

    public LevelPolicy PolicyOf(WarningLevel level) => _policies[level];

    public void Set(LevelPolicy policy) => _policies[policy.Level] = policy;

    public void Acknowledge(WarningLevel level, string role, bool wanted)
    {
        var policy = _policies[level];
        var roles = (policy.AcknowledgedBy ?? []).Where(r => r != role);
        _policies[level] = policy with { AcknowledgedBy = [.. wanted ? roles.Append(role) : roles] };
    }

    /// <summary>What raises a level beyond its cell; null for nothing.</summary>
    public SpreadRule? Spread { get; set; } = matrix.Spread;

    public bool Changed(AssetImportance importance, DamageGrade damage) => _cells[(importance, damage)] != matrix.LevelOf(importance, damage);

    public bool AnyChange => matrix.Cells.Any(c => Changed(c.Importance, c.Damage)) || Spread != matrix.Spread || matrix.Policies.Any(p => !Same(p, _policies[p.Level]));

    public WarningMatrix ToMatrix() => matrix with
    {
        Cells = [.. matrix.Cells.Select(c => c with { Level = _cells[(c.Importance, c.Damage)] })], Policies = [.. matrix.Policies.Select(p => _policies[p.Level])], Spread = Spread,
    };

    private static bool Same(LevelPolicy a, LevelPolicy b) =>
        a with { AcknowledgedBy = null } == b with { AcknowledgedBy = null } && (a.AcknowledgedBy ?? []).Order().SequenceEqual((b.AcknowledgedBy ?? []).Order());
}
