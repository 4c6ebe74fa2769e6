using System.Data.Common;
using Beacon.Detections.Rules.Stages;
using Beacon.Events;

namespace Beacon.Detections.Rules.Versions;

/// <summary>The texts that the installation's own rules had, in the state database.</summary>
public sealed class RuleVersions(IStateDatabase database, TimeProvider time)
{
    /// <summary>Versions kept of a rule; the oldest goes first.</summary>
    public const int MaxVersions = 200;

    /// <summary>Versions of a rule without their texts, newest first.</summary>
    public Task<IReadOnlyList<RuleVersion>> ListAsync(string id, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RuleVersion>>(connection => connection
        .Query("SELECT number, at, by_whom, reason FROM detection_rule_versions WHERE rule_id = @p0 ORDER BY number DESC", r => new RuleVersion(id, r.GetInt64(0), r.Instant(1), r.GetString(2), r.GetString(3), null), id), cancellation);

    /// <summary>One version with its text, or null.</summary>
    public async Task<RuleVersion?> FindAsync(string id, long number, CancellationToken cancellation) => (await database.ReadAsync(connection => connection
        .Query("SELECT number, at, by_whom, reason, text FROM detection_rule_versions WHERE rule_id = @p0 AND number = @p1", r => Read(id, r), id, number), cancellation).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Number of each rule's newest version.</summary>
    internal Task<Dictionary<string, long>> NewestAsync(CancellationToken cancellation) => database.ReadAsync(static connection => connection
        .Query("SELECT rule_id, max(number) FROM detection_rule_versions GROUP BY rule_id", static r => (r.GetString(0), r.GetInt64(1))).ToDictionary(StringComparer.OrdinalIgnoreCase), cancellation);

    /// <summary>Adds a text as the newest version; one that is the newest already adds none.</summary>
    /// <param name="found">The text that it takes the place of, where a file had it: kept as a version, too, if it is not the newest.</param>
    internal Task<long> AddAsync(string id, string? found, string text, RuleAct act, CancellationToken cancellation) => database.WriteAsync(transaction =>
    {
        var now = time.GetUtcNow();
        var newest = transaction.Query("SELECT number, at, by_whom, reason, text FROM detection_rule_versions WHERE rule_id = @p0 ORDER BY number DESC LIMIT 1", r => Read(id, r), id).FirstOrDefault();
        var number = newest?.Number ?? 0;
        // A joined text is longer than the rule's own part of it, which is what a file gives back.
        if (found is not null && (newest?.Text is not { } known || !known.Contains(found.Trim(), StringComparison.Ordinal))) Insert(transaction, id, ++number, now, "", "", found);
        else if (newest?.Text == text) return number;
        Insert(transaction, id, ++number, now, act.By, act.Why, text);
        transaction.Execute("DELETE FROM detection_rule_versions WHERE rule_id = @p0 AND number <= @p1", id, number - MaxVersions);
        return number;
    }, cancellation);

    private static void Insert(DbTransaction transaction, string id, long number, DateTimeOffset at, string by, string reason, string text) =>
        transaction.Execute("INSERT INTO detection_rule_versions(rule_id, number, at, by_whom, reason, text) VALUES (@p0, @p1, @p2, @p3, @p4, @p5)", id, number, at, by, reason, text);

    private static RuleVersion Read(string id, DbDataReader r) => new(id, r.GetInt64(0), r.Instant(1), r.GetString(2), r.GetString(3), r.GetString(4));
}
