using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>Asset importance × possible damage → level, as data. Every cell stands once.</summary>
/// <param name="Version">1 for the shipped one; grows by one at each edit.</param>
public sealed record WarningMatrix(
    int Version, IReadOnlyList<MatrixCell> Cells, IReadOnlyList<LevelPolicy> Policies,
    string ChangedBy, DateTimeOffset ChangedAt, string Reason)
{
    /// <summary>What raises a level beyond its cell; null for nothing.</summary>
    public SpreadRule? Spread { get; init; }

    public WarningLevel LevelOf(AssetImportance importance, DamageGrade damage) =>
        Cells.First(c => c.Importance == importance && c.Damage == damage).Level;

    public LevelPolicy PolicyOf(WarningLevel level) => Policies.First(p => p.Level == level);
}

public sealed record MatrixCell(AssetImportance Importance, DamageGrade Damage, WarningLevel Level);

/// <summary>Who may put a level in force, and who must have seen it.</summary>
/// <param name="Automatic">Beacon issues it by itself.</param>
/// <param name="MinimumRole">Role that issuing, adjusting to and lifting from this level wants; "" for any signed-in person. Administrators hold every role.</param>
/// <param name="SecondPerson">A second, different person must sign before the level is in force.</param>
/// <param name="AcknowledgedBy">Roles of each of which one person must acknowledge; none: nobody is waited for.</param>
/// <param name="RemindAfterMinutes">Time until those who have not are reminded, and again until the next role is told. 0 to 1,440; 0: never.</param>
public sealed record LevelPolicy(
    WarningLevel Level, bool Automatic, string MinimumRole, bool SecondPerson, IReadOnlyList<string>? AcknowledgedBy = null, int RemindAfterMinutes = 0);

/// <summary>An attack seen in several places is graver than the gravest of them.</summary>
/// <param name="Organisations">From this many on; 0 where their number does not count.</param>
/// <param name="Sectors">From this many on; 0 where their number does not count.</param>
/// <param name="Assets">From this many assets on; 0 where their number does not count.</param>
/// <param name="Raise">Levels that it adds, 1 to 3.</param>
/// <param name="UpTo">Never beyond this level.</param>
public sealed record SpreadRule(int Organisations, int Sectors, int Assets, int Raise, WarningLevel UpTo)
{
    public WarningLevel From(WarningLevel level) => level == WarningLevel.None || level >= UpTo ? level : (WarningLevel)Math.Min((int)level + Raise, (int)UpTo);
}
