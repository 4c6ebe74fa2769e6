using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Asset importance × possible damage → level, as data. Every cell stands once.</summary>
/// <param name="Version">1 for the shipped one; grows by one at each edit.</param>
public sealed record WarningMatrix(
    int Version, IReadOnlyList<MatrixCell> Cells, IReadOnlyList<LevelPolicy> Policies,
    string ChangedBy, DateTimeOffset ChangedAt, string Reason)
{
    public WarningLevel LevelOf(AssetImportance importance, DamageGrade damage) =>
        Cells.First(c => c.Importance == importance && c.Damage == damage).Level;

    public LevelPolicy PolicyOf(WarningLevel level) => Policies.First(p => p.Level == level);
}

public sealed record MatrixCell(AssetImportance Importance, DamageGrade Damage, WarningLevel Level);

/// <summary>Who may put a level in force.</summary>
/// <param name="Automatic">Beacon issues it by itself.</param>
/// <param name="MinimumRole">Role that issuing, adjusting to and lifting from this level wants; "" for any signed-in person. Administrators hold every role.</param>
/// <param name="SecondPerson">A second, different person must sign before the level is in force.</param>
public sealed record LevelPolicy(WarningLevel Level, bool Automatic, string MinimumRole, bool SecondPerson);
