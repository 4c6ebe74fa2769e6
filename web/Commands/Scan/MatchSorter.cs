using System.Text;

namespace Beacon.Web.Commands.Scan;

/// <summary>
/// Sorts matches by time; those of one time keep the order in which they came. Past a ceiling they are sorted in runs in temporary
/// files of this user, which are gone when it is disposed, and merged; so memory does not grow with the matches.
/// </summary>
/// <param name="most">Matches held in memory.</param>
internal sealed class MatchSorter(int most = MatchSorter.MostInMemory) : IDisposable
{
    public const int MostInMemory = 100_000;

    /// <summary>Runs merged at once, so that no more files are open.</summary>
    private const int MostRuns = 32;

    private readonly List<(ScanMatch Match, long Number)> _held = [];
    private readonly List<FileStream> _runs = [];
    private readonly List<ScanRule> _rules = [];
    private readonly Dictionary<ScanRule, int> _indices = new(ReferenceEqualityComparer.Instance);
    private long _count;

    /// <summary>Matches that went through files.</summary>
    public long Spilled { get; private set; }

    public void Add(ScanMatch match)
    {
        _held.Add((match, _count++));
        if (_held.Count >= most) Spill();
    }

    /// <summary>All matches in the order of time. To be read once.</summary>
    public IEnumerable<ScanMatch> Sorted()
    {
        if (_runs.Count == 0)
        {
            SortHeld();
            return _held.Select(static h => h.Match);
        }
        if (_held.Count > 0) Spill();
        return Merge(_runs).Select(static m => m.Match);
    }

    public void Dispose()
    {
        foreach (var run in _runs) run.Dispose();
        _runs.Clear();
    }

    private void SortHeld() => _held.Sort(static (a, b) => a.Match.Time.UtcTicks.CompareTo(b.Match.Time.UtcTicks) is not 0 and var order ? order : a.Number.CompareTo(b.Number));

    private void Spill()
    {
        SortHeld();
        Spilled += _held.Count;
        _runs.Add(WriteRun(_held));
        _held.Clear();
        if (_runs.Count < MostRuns) return;
        var merged = WriteRun(Merge(_runs));
        foreach (var run in _runs) run.Dispose();
        _runs.Clear();
        _runs.Add(merged);
    }

    private FileStream WriteRun(IEnumerable<(ScanMatch Match, long Number)> matches)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose, BufferSize = 64 * 1024 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var run = new FileStream(Path.Combine(Path.GetTempPath(), "beacon-scan-" + Path.GetRandomFileName()), options);
        using (var writer = new BinaryWriter(run, Encoding.Unicode, leaveOpen: true))
        {
            foreach (var (match, number) in matches)
            {
                writer.Write(match.Time.UtcTicks);
                writer.Write(number);
                writer.Write(IndexOf(match.Rule));
                writer.Write(match.Event);
                writer.Write(match.Host);
            }
        }
        run.Position = 0;
        return run;
    }

    private IEnumerable<(ScanMatch Match, long Number)> Merge(IReadOnlyList<FileStream> runs)
    {
        var heads = new PriorityQueue<(ScanMatch Match, long Number, BinaryReader Run), (long Time, long Number)>();
        foreach (var run in runs) Enqueue(new BinaryReader(run, Encoding.Unicode, leaveOpen: true));
        while (heads.TryDequeue(out var first, out _))
        {
            yield return (first.Match, first.Number);
            Enqueue(first.Run);
        }

        void Enqueue(BinaryReader run)
        {
            if (run.BaseStream.Position >= run.BaseStream.Length) return;
            var (ticks, number, rule) = (run.ReadInt64(), run.ReadInt64(), run.ReadInt32());
            heads.Enqueue((new ScanMatch(run.ReadString(), _rules[rule], new DateTimeOffset(ticks, TimeSpan.Zero), run.ReadString(), []), number, run), (ticks, number));
        }
    }

    private int IndexOf(ScanRule rule)
    {
        if (_indices.TryGetValue(rule, out var index)) return index;
        _rules.Add(rule);
        return _indices[rule] = _rules.Count - 1;
    }
}
