using System.Data.Common;
using System.Text.Json;
using Beacon.Alerting.Storage;
using Beacon.Events;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

internal sealed class WarningMatrices(AlertingDatabase database, IOptions<AlertingOptions> options) : IWarningMatrices
{
    private readonly Lazy<WarningMatrix> _shipped = new(() => Shipped(Path.Combine(options.Value.DataDirectory, "matrix.json")));

    public Task<WarningMatrix> CurrentAsync(CancellationToken cancellation = default) => database.ReadAsync(c => c.Query(Newest, Read).FirstOrDefault() ?? _shipped.Value, cancellation);

    public WarningMatrix Current(DbTransaction transaction) => transaction.Query(Newest, Read).FirstOrDefault() ?? _shipped.Value;

    public Task<IReadOnlyList<WarningMatrix>> HistoryAsync(int limit = 20, CancellationToken cancellation = default) => database.ReadAsync<IReadOnlyList<WarningMatrix>>(c =>
    {
        var kept = c.Query("SELECT version, document, changed_by, changed_at, reason FROM alerting_matrices ORDER BY version DESC LIMIT @p0", Read, Math.Clamp(limit, 1, 200));
        return kept.Count < limit && !kept.Exists(m => m.Version == 1) ? [.. kept, _shipped.Value] : kept;
    }, cancellation);

    public Task<Outcome<WarningMatrix>> SaveAsync(WarningMatrix matrix, Actor actor, string reason, CancellationToken cancellation = default)
    {
        var faults = Faults(matrix);
        if (reason.Trim().Length == 0) faults.Add("a reason is wanted");
        if (faults.Count > 0) return Task.FromResult<Outcome<WarningMatrix>>(Refusal.Of(faults));
        return database.TryWriteAsync(unit =>
        {
            if (!actor.Holds(RoleNames.Administrator)) throw RefusedException.Forbidden("only an administrator changes the matrix");
            var current = Current(unit.Db);
            if (current.Version != matrix.Version) throw RefusedException.Conflict($"the matrix in force is version {current.Version}, the edit was made from version {matrix.Version}: read it again");
            var next = matrix with { Version = current.Version + 1, ChangedBy = actor.Name, ChangedAt = unit.Now, Reason = Text.Cut(reason.Trim(), 2_000) };
            var document = Document(next);
            unit.Db.Execute("INSERT INTO alerting_matrices(version, document, changed_by, changed_at, reason) VALUES (@p0,@p1,@p2,@p3,@p4)",
                next.Version, document, next.ChangedBy, next.ChangedAt, next.Reason);
            unit.Record(actor, "warning.matrix", $"matrix:{next.Version}", Document(current), document, next.Reason);
            return next;
        }, cancellation);
    }

    /// <summary>Every fault of a matrix, in words; none where it can be put in force.</summary>
    internal static List<Phrase> Faults(WarningMatrix matrix)
    {
        var faults = new List<Phrase>();
        foreach (var importance in Enum.GetValues<AssetImportance>())
        {
            foreach (var damage in Enum.GetValues<DamageGrade>())
            {
                var cells = matrix.Cells.Where(c => c.Importance == importance && c.Damage == damage).ToList();
                Phrase name = $"{Words.Importance(importance)} object × {Words.Damage(damage)} damage";
                if (cells.Count != 1) faults.Add($"{name} has {cells.Count} cells; it wants one");
                else if (!Enum.IsDefined(cells[0].Level)) faults.Add($"{name} has no such level");
            }
        }
        if (matrix.Cells.Any(c => !Enum.IsDefined(c.Importance) || !Enum.IsDefined(c.Damage))) faults.Add("a cell stands outside the matrix");
        foreach (var level in Enum.GetValues<WarningLevel>().Where(l => l != WarningLevel.None))
        {
            var policies = matrix.Policies.Where(p => p.Level == level).ToList();
            if (policies.Count != 1) faults.Add($"{Words.Level(level)} has {policies.Count} policies; it wants one");
            else if (policies[0].MinimumRole.Length > 0 && !RoleNames.Ranked.Contains(policies[0].MinimumRole)) faults.Add($"{Words.Level(level)} wants the unknown role '{Text.Cut(policies[0].MinimumRole, 50)}'");
        }
        foreach (var policy in matrix.Policies)
        {
            foreach (var role in (policy.AcknowledgedBy ?? []).Where(r => !RoleNames.Ranked.Contains(r))) faults.Add($"{Words.Level(policy.Level)} wants to be acknowledged by the unknown role '{Text.Cut(role, 50)}'");
            if ((policy.AcknowledgedBy ?? []).Count > RoleNames.Ranked.Count) faults.Add($"{Words.Level(policy.Level)} names a role twice");
            if (policy.RemindAfterMinutes is < 0 or > 1_440) faults.Add($"{Words.Level(policy.Level)} reminds after 0 to 1,440 minutes");
        }
        if (matrix.Spread is { } spread && (spread.Organisations is < 0 or 1 or > 1_000 || spread.Sectors is < 0 or 1 or > 1_000 || spread.Assets is < 0 or 1 or > 1_000_000 || spread.Raise is < 1 or > 3 || !Enum.IsDefined(spread.UpTo) || spread.UpTo == WarningLevel.None))
            faults.Add("the spread rule counts two or more organisations, sectors or assets (0 for none), raises by 1 to 3 levels and names its highest level");
        if (matrix.Policies.Any(p => p.Level == WarningLevel.None || !Enum.IsDefined(p.Level))) faults.Add("a policy names a level that is none");
        if (faults.Count > 0) return faults;
        foreach (var cell in matrix.Cells)
        {
            if (cell.Damage != DamageGrade.EspeciallySerious && matrix.LevelOf(cell.Importance, cell.Damage + 1) < cell.Level)
                faults.Add($"{Words.Importance(cell.Importance)} object: graver damage than {Words.Damage(cell.Damage)} must not give a lower level");
            if (cell.Importance != AssetImportance.EspeciallyImportant && matrix.LevelOf(cell.Importance + 1, cell.Damage) < cell.Level)
                faults.Add($"{Words.Damage(cell.Damage)} damage: a more important object than {Words.Importance(cell.Importance)} must not give a lower level");
        }
        return faults;
    }

    private const string Newest = "SELECT version, document, changed_by, changed_at, reason FROM alerting_matrices ORDER BY version DESC LIMIT 1";

    private static WarningMatrix Shipped(string path)
    {
        using var file = File.OpenRead(path);
        var document = JsonSerializer.Deserialize(file, DocumentJson.Default.MatrixDocument) ?? throw new InvalidDataException($"{path} is empty");
        var matrix = new WarningMatrix(1, document.Cells, document.Policies, Actor.SystemName, DateTimeOffset.UnixEpoch, "shipped default") { Spread = document.Spread };
        var faults = Faults(matrix);
        return faults.Count == 0 ? matrix : throw new InvalidDataException($"{path}: {string.Join("; ", faults)}");
    }

    private static string Document(WarningMatrix m) => JsonSerializer.Serialize(new MatrixDocument(m.Cells, m.Policies, m.Spread), DocumentJson.Default.MatrixDocument);

    private static WarningMatrix Read(DbDataReader r)
    {
        var document = JsonSerializer.Deserialize(r.GetString(1), DocumentJson.Default.MatrixDocument)!;
        return new WarningMatrix(r.GetInt32(0), document.Cells, document.Policies, r.GetString(2), r.Instant(3), r.GetString(4)) { Spread = document.Spread };
    }
}
