namespace Beacon.Collectors.Spool;

/// <summary>Reads the spool's records in order of their sequence numbers. Not thread-safe.</summary>
/// <param name="after">The first record read is the one behind it.</param>
internal sealed class SpoolReader(FrameSpool spool, long after) : IDisposable
{
    private long _next = after + 1;
    private SpoolSegment? _segment;
    private SegmentScanner? _scanner;

    public SpoolRead TryRead(out SpoolRecord record, out SpoolGap gap)
    {
        record = default;
        gap = default;
        var tail = spool.Tail;
        while (_next <= tail)
        {
            if (_scanner is null && !OpenSegment(tail, out gap)) return SpoolRead.Gap;
            // The segment may have grown since it was opened.
            var end = spool.SegmentAt(_segment!.First) is { } now && now.First == _segment.First ? now.Length : _segment.Length;
            if (_scanner!.TryRead(end, out var bytes))
            {
                var sequence = SpoolFormat.SequenceOf(bytes.Span);
                if (sequence < _next) continue;
                if (sequence > _next) return GapTo(sequence - 1, "records are missing", rewindBy: bytes.Length, out gap);
                _next++;
                record = new SpoolRecord(bytes);
                return SpoolRead.Record;
            }
            var following = spool.SegmentAfter(_segment.First);
            var last = Math.Min(tail, following is null ? tail : following.First - 1);
            if (_next > last)
            {
                CloseSegment();
                continue;
            }
            if (_scanner.TrySkipToRecord(end, _next))
            {
                // The record's number says how many are lost; reading goes on at it.
                var position = _scanner.Position;
                _scanner.TryRead(end, out var found);
                _scanner.Position = position;
                return GapTo(Math.Min(last, SpoolFormat.SequenceOf(found.Span) - 1), "a checksum does not match", 0, out gap);
            }
            CloseSegment();
            return GapTo(last, "the segment ends early", 0, out gap);
        }
        return SpoolRead.Empty;
    }

    public void Dispose() => _scanner?.Dispose();

    private bool OpenSegment(long tail, out SpoolGap gap)
    {
        gap = default;
        _segment = spool.SegmentAt(_next);
        if (_segment is null)
        {
            GapTo(tail, "the segment is missing", 0, out gap);
            return false;
        }
        if (_segment.First > _next)
        {
            var first = _segment.First;
            _segment = null;
            GapTo(first - 1, "the segment is missing", 0, out gap);
            return false;
        }
        try
        {
            _scanner = new SegmentScanner(_segment.Path, spool.Settings.MaxBodyBytes) { Position = SpoolFormat.SegmentHeader };
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var following = spool.SegmentAfter(_segment.First);
            GapTo(following is null ? tail : following.First - 1, "the segment cannot be opened", 0, out gap);
            return false;
        }
    }

    private SpoolRead GapTo(long last, string reason, int rewindBy, out SpoolGap gap)
    {
        gap = new SpoolGap(_next, last, reason);
        _next = last + 1;
        if (_scanner is not null) _scanner.Position -= rewindBy;
        return SpoolRead.Gap;
    }

    private void CloseSegment()
    {
        _scanner?.Dispose();
        _scanner = null;
        _segment = null;
    }
}
