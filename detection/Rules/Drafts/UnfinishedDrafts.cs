using Beacon.Events;

namespace Beacon.Detections.Rules.Drafts;

/// <summary>Texts with faults that somebody goes on with later, in the state database.</summary>
public sealed class UnfinishedDrafts(IStateDatabase database, TimeProvider time)
{
    /// <summary>Drafts at most.</summary>
    public const int MaxDrafts = 200;

    private const string Columns = "SELECT id, title, text, at, by_whom FROM detection_rule_unfinished";

    /// <summary>All of them, the newest first.</summary>
    public Task<IReadOnlyList<UnfinishedDraft>> ListAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<UnfinishedDraft>>(static connection => connection.Query(Columns + " ORDER BY at DESC, id", Read), cancellation);

    public async Task<UnfinishedDraft?> FindAsync(string id, CancellationToken cancellation) => (await database.ReadAsync(connection => connection.Query(Columns + " WHERE id = @p0", Read, id), cancellation).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Keeps a text in place of what was kept under its id.</summary>
    /// <returns>Null where there are <see cref="MaxDrafts"/> already.</returns>
    public Task<UnfinishedDraft?> KeepAsync(string id, string text, string by, CancellationToken cancellation)
    {
        var draft = new UnfinishedDraft(id, UnfinishedDraft.TitleOf(text), text, time.GetUtcNow(), by);
        return database.WriteAsync(transaction =>
        {
            if (transaction.Scalar<long>("SELECT count(*) FROM detection_rule_unfinished WHERE id <> @p0", id) >= MaxDrafts) return null;
            transaction.Execute(
                "INSERT INTO detection_rule_unfinished(id, title, text, at, by_whom) VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT(id) DO UPDATE SET title = @p1, text = @p2, at = @p3, by_whom = @p4", draft.Id, draft.Title, draft.Text, draft.At, draft.By);
            return draft;
        }, cancellation);
    }

    /// <summary>Forgets it: it was mended, or given up.</summary>
    /// <returns>False where there is none.</returns>
    public Task<bool> DropAsync(string id, CancellationToken cancellation) => database.WriteAsync(transaction => transaction.Execute("DELETE FROM detection_rule_unfinished WHERE id = @p0", id) > 0, cancellation);

    private static UnfinishedDraft Read(System.Data.Common.DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.Instant(3), row.GetString(4));
}
