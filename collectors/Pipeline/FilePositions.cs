using System.Data.Common;
using Beacon.Collectors.Spool;
using Beacon.Events;

namespace Beacon.Collectors.Pipeline;

/// <summary>How far each followed file was read: what the ledger's transaction wrote, and what the spool holds beyond it.</summary>
internal sealed class FilePositions
{
    /// <summary>Files remembered per source; the longest unread are forgotten first.</summary>
    public const int MaxPerSource = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Source, long Device, long Inode), FilePosition> _known = [];

    public void Load(DbConnection connection)
    {
        var rows = connection.Query("SELECT source, device, inode, fingerprint, fingerprint_length, position, complete, path FROM collector_positions",
            r => (r.GetString(0), new FilePosition(r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt32(4), r.GetInt64(5), r.GetInt32(6) != 0, r.GetString(7))));
        foreach (var (source, position) in rows) Note(source, position);
    }

    /// <summary>Notes a position that is durable.</summary>
    public void Note(string source, FilePosition position)
    {
        lock (_gate) _known[(source, position.Device, position.Inode)] = position;
    }

    public FilePosition? Find(string source, long device, long inode)
    {
        lock (_gate) return _known.GetValueOrDefault((source, device, inode));
    }

    public IReadOnlyList<FilePosition> Of(string source)
    {
        lock (_gate) return [.. _known.Where(k => k.Key.Source == source).Select(k => k.Value)];
    }

    public static void Write(DbTransaction transaction, IReadOnlyDictionary<(string Source, long Device, long Inode), FilePosition> changed)
    {
        foreach (var ((source, device, inode), p) in changed)
            transaction.Execute(
                """
                INSERT INTO collector_positions(source, device, inode, fingerprint, fingerprint_length, position, complete, path) VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7)
                ON CONFLICT(source, device, inode) DO UPDATE SET fingerprint = excluded.fingerprint, fingerprint_length = excluded.fingerprint_length,
                    position = excluded.position, complete = excluded.complete, path = excluded.path
                """, source, device, inode, p.Fingerprint, p.FingerprintLength, p.Position, p.Complete, p.Path);
    }

    /// <summary>Forgets files that are gone.</summary>
    public void Forget(DbTransaction transaction, string source, IReadOnlyCollection<FilePosition> gone)
    {
        foreach (var p in gone)
            transaction.Execute("DELETE FROM collector_positions WHERE source = @p0 AND device = @p1 AND inode = @p2", source, p.Device, p.Inode);
        lock (_gate)
            foreach (var p in gone) _known.Remove((source, p.Device, p.Inode));
    }
}
