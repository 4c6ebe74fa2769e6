using System.Text;
using Beacon.Collectors.Spool;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Collectors.Tests.Spool;

public sealed class FrameSpoolTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    private FrameSpool Open(long segment = 64 * 1024, long max = 1024 * 1024 * 1024) =>
        FrameSpool.Open(new SpoolSettings(_folder.Path, segment, max, 1024 * 1024), _time, NullLogger.Instance);

    private static FrameBatch Batch(params string[] frames)
    {
        var batch = new FrameBatch("s1", 1024 * 1024);
        foreach (var frame in frames) Assert.True(batch.Add(Encoding.UTF8.GetBytes(frame), FrameMeta.Peer("10.0.0.1")));
        return batch;
    }

    private static Task<AppendResult> AppendAsync(FrameSpool spool, params string[] frames) => spool.AppendAsync(Batch(frames), wait: false, default).AsTask();

    private static (List<string> Frames, List<SpoolGap> Gaps) ReadAll(FrameSpool spool, long after = 0)
    {
        var (frames, gaps) = (new List<string>(), new List<SpoolGap>());
        using var reader = new SpoolReader(spool, after);
        while (true)
        {
            switch (reader.TryRead(out var record, out var gap))
            {
                case SpoolRead.Empty: return (frames, gaps);
                case SpoolRead.Gap: gaps.Add(gap); break;
                default: frames.Add($"{record.Sequence}:{Encoding.UTF8.GetString(record.Frame)}"); break;
            }
        }
    }

    private string Segment => Directory.GetFiles(_folder.Path, "*.seg").Order().Last();

    [Fact]
    public async Task Append_ThenReopen_GivesFramesBackInOrderWithTheSameIdentity()
    {
        ulong identity;
        await using (var spool = Open())
        {
            identity = spool.Identity;
            Assert.Equal(new AppendResult(AppendStatus.Stored, 1), await AppendAsync(spool, "a", "b"));
            Assert.Equal(3, (await AppendAsync(spool, "c")).First);
        }
        await using var again = Open();
        Assert.Equal(identity, again.Identity);
        Assert.Equal(3, again.Tail);
        Assert.Equal(["1:a", "2:b", "3:c"], ReadAll(again).Frames);
        Assert.Equal(4, (await AppendAsync(again, "d")).First);
    }

    [Fact]
    public async Task Reader_OneRecord_GivesSourceMetaAndTime()
    {
        await using var spool = Open();
        await AppendAsync(spool, "hello");
        using var reader = new SpoolReader(spool, 0);
        Assert.Equal(SpoolRead.Record, reader.TryRead(out var record, out _));
        Assert.Equal("s1", Encoding.UTF8.GetString(record.Source));
        Assert.Equal("10.0.0.1", Encoding.UTF8.GetString(FrameMeta.PeerOf(record.Meta)));
        Assert.Equal(_time.GetUtcNow(), record.Received);
    }

    [Fact]
    public async Task Open_LastRecordCutAtEveryByte_KeepsAllBeforeItAndGoesOn()
    {
        await using (var spool = Open()) await AppendAsync(spool, "first", "second", "the last one");
        var whole = await File.ReadAllBytesAsync(Segment);
        var record = whole.Length - (SpoolFormat.RecordHeader + 2 + FrameMeta.Peer("10.0.0.1").Length + "the last one".Length);
        for (var length = record; length < whole.Length; length++)
        {
            await File.WriteAllBytesAsync(Segment, whole[..length]);
            await using var spool = Open();
            Assert.Equal(2, spool.Tail);
            Assert.Equal(3, (await AppendAsync(spool, "again")).First);
            var (frames, gaps) = ReadAll(spool);
            Assert.Equal(["1:first", "2:second", "3:again"], frames);
            Assert.Empty(gaps);
        }
    }

    [Fact]
    public async Task Open_LastRecordWithAnyBitFlipped_NeverGivesItAsGood()
    {
        await using (var spool = Open()) await AppendAsync(spool, "first", "second");
        var whole = await File.ReadAllBytesAsync(Segment);
        var record = whole.Length - (SpoolFormat.RecordHeader + 2 + FrameMeta.Peer("10.0.0.1").Length + "second".Length);
        for (var i = record; i < whole.Length; i++)
        {
            var broken = (byte[])whole.Clone();
            broken[i] ^= 0x10;
            await File.WriteAllBytesAsync(Segment, broken);
            await using var spool = Open();
            Assert.Equal(1, spool.Tail);
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder.Path, "damaged")));
        }
    }

    [Fact]
    public async Task Reader_DamageInTheMiddle_ReportsTheGapAndReadsOn()
    {
        await using (var spool = Open()) await AppendAsync(spool, "one", "two", "three", "four");
        var bytes = await File.ReadAllBytesAsync(Segment);
        var at = Encoding.UTF8.GetString(bytes).IndexOf("two", StringComparison.Ordinal);
        at = bytes.AsSpan().IndexOf("two"u8);
        bytes[at] ^= 1;
        await File.WriteAllBytesAsync(Segment, bytes);
        await using var again = Open();
        Assert.Equal(4, again.Tail);
        var (frames, gaps) = ReadAll(again);
        Assert.Equal(["1:one", "3:three", "4:four"], frames);
        Assert.Equal((2, 2), (Assert.Single(gaps).From, gaps[0].To));
    }

    [Fact]
    public async Task Reader_SegmentDeleted_ReportsAllOfItAsAGap()
    {
        await using (var spool = Open(segment: 64 * 1024))
            for (var i = 0; i < 5; i++) await AppendAsync(spool, new string((char)('a' + i), 70_000));
        var segments = Directory.GetFiles(_folder.Path, "*.seg").Order().ToArray();
        Assert.True(segments.Length >= 4);
        File.Delete(segments[1]);
        await using var again = Open();
        var (frames, gaps) = ReadAll(again);
        Assert.Equal(4, frames.Count);
        Assert.Equal(2, Assert.Single(gaps).From);
    }

    [Fact]
    public async Task Append_ManyAtOnce_EachGetsItsOwnSequenceAndAllAreThere()
    {
        await using var spool = Open();
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => AppendAsync(spool, $"{i}a", $"{i}b"))));
        Assert.All(results, r => Assert.True(r.Stored));
        Assert.Equal(200, results.Select(r => r.First).Distinct().Count());
        var (frames, gaps) = ReadAll(spool);
        Assert.Empty(gaps);
        Assert.Equal(400, frames.Count);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal($"{results[i].First}:{i}a", frames[(int)results[i].First - 1]);
            Assert.Equal($"{results[i].First + 1}:{i}b", frames[(int)results[i].First]);
        }
    }

    [Fact]
    public async Task Append_DiskRefuses_AnswersFailedAndLosesNothingElse()
    {
        await using var spool = Open();
        await AppendAsync(spool, "before");
        spool.BeforeWrite = () => throw new IOException("No space left on device");
        var refused = await AppendAsync(spool, "refused");
        Assert.Equal(AppendStatus.Failed, refused.Status);
        spool.BeforeWrite = null;
        Assert.Equal(2, (await AppendAsync(spool, "after")).First);
        Assert.Equal(["1:before", "2:after"], ReadAll(spool).Frames);
    }

    [Fact]
    public async Task Append_SpoolFull_AnswersFullUntilItIsTrimmed()
    {
        await using var spool = Open(segment: 64 * 1024, max: 400 * 1024);
        var frame = new string('x', 60_000);
        AppendResult result;
        var stored = 0;
        while ((result = await AppendAsync(spool, frame)).Stored) stored++;
        Assert.Equal(AppendStatus.Full, result.Status);
        Assert.InRange(stored, 5, 7);
        var waiting = spool.AppendAsync(Batch(frame), wait: true, default).AsTask();
        Assert.False(waiting.IsCompleted);
        spool.Trim(spool.Tail);
        Assert.True((await waiting).Stored);
        Assert.Equal(stored + 1, spool.Tail);
    }

    [Fact]
    public async Task Trim_KeepsWhatIsNotDone()
    {
        await using var spool = Open(segment: 64 * 1024);
        for (var i = 0; i < 6; i++) await AppendAsync(spool, $"{i}" + new string('x', 70_000));
        spool.Trim(3);
        var (frames, gaps) = ReadAll(spool, after: 3);
        Assert.Equal(3, frames.Count);
        Assert.Empty(gaps);
    }

    [Fact]
    public async Task AdvanceTo_HigherThanTheTail_NumbersGoOnBehindIt()
    {
        await using (var spool = Open())
        {
            await AppendAsync(spool, "a");
            spool.AdvanceTo(1_000);
            Assert.Equal(1_001, (await AppendAsync(spool, "b")).First);
        }
        await using var again = Open();
        Assert.Equal(1_001, again.Tail);
        Assert.Equal(["1001:b"], ReadAll(again, after: 1_000).Frames);
    }

    [Fact]
    public async Task Open_SegmentOfAnotherSpool_IsRefused()
    {
        await using (var spool = Open()) await AppendAsync(spool, "a");
        await File.WriteAllBytesAsync(_folder.File("identity"), [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Throws<InvalidDataException>(() => Open());
    }
}
