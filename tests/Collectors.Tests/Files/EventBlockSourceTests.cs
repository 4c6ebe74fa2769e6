using System.Text;
using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers.Evtx;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Files;

public sealed class EventBlockSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryRead_LinesOverManyBlocks_AreWholeAndNumbered(int seed)
    {
        var random = new Random(seed);
        var lines = Enumerable.Range(0, 3_000).Select(i => random.Next(20) == 0 ? "" : $"line {i} {new string('x', random.Next(random.Next(50) == 0 ? 400_000 : 300))}").ToList();
        File.WriteAllText(_folder.File("a.log"), string.Join('\n', lines) + (seed == 2 ? "\n" : ""));

        var (read, faults, blocks) = Read("a.log");

        Assert.Empty(faults);
        Assert.True(blocks > 2);
        Assert.Equal(lines.Select(static (l, i) => (Number: (long)i + 1, Text: l)).Where(static l => l.Text.Length > 0), read);
    }

    [Fact]
    public void TryRead_LineTooLong_IsAFaultAndTheNextKeepItsNumber()
    {
        using (var file = File.CreateText(_folder.File("a.log")))
        {
            file.Write("first\n");
            for (var i = 0; i < 9; i++) file.Write(new string('x', 1_000_000));
            file.Write("\nthird\n");
        }
        var (read, faults, _) = Read("a.log");
        Assert.Equal([(1L, "first"), (3L, "third")], read);
        Assert.Equal("line 2", Assert.Single(faults).Place);
    }

    [Fact]
    public void TryRead_DocumentOverManyBlocks_GivesEveryObject()
    {
        var text = new StringBuilder("[\n");
        for (var i = 1; i <= 3_000; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\n \"message\": \"{i} {new string('y', 300)}\",\n \"tags\": [{{\"a\": 1}}]\n}}{(i < 3_000 ? "," : "")}\n");
        File.WriteAllText(_folder.File("a.json"), text.Append(']').ToString());
        var (read, faults, blocks) = Read("a.json");
        Assert.Empty(faults);
        Assert.True(blocks > 2);
        Assert.Equal(Enumerable.Range(1, 3_000).Select(static i => ((long)i, $"{i} {new string('y', 300)}")), read);
    }

    [Fact]
    public void TryRead_DocumentThatBreaksOff_GivesWhatCameBefore()
    {
        File.WriteAllText(_folder.File("a.json"), "[\n{\"message\":\"a\"},\n{\"message\":\n");
        var (read, faults, _) = Read("a.json");
        Assert.Equal([(1L, "a")], read);
        Assert.Single(faults);
    }

    [Fact]
    public void TryRead_EventLogOfManyChunks_GivesWhatTheRecordReaderGives()
    {
        var file = Corpora.Path("corpora/evtx/edge-cases/sysmon.evtx");
        var expected = new List<long>();
        using (var reader = new EvtxReader(File.OpenHandle(file), _ => { }))
        {
            var e = new SecurityEvent();
            while (reader.TryRead(e)) expected.Add(reader.RecordId);
        }
        var numbers = new List<long>();
        using var source = new EventBlockSource([(file, "x")], "auto");
        var (block, blocks) = (new EventBlock(), new EventBlockReader(CollectorsModule.CreateParsers(), "auto"));
        while (source.TryRead(block)) blocks.Read(block, (_, number) => numbers.Add(number), _ => { });
        Assert.True(expected.Count > 100);
        Assert.Equal(expected, numbers);
        Assert.Equal(new FileInfo(file).Length, source.BytesRead);
    }

    [Fact]
    public void TryRead_UnreadableFileAmongOthers_IsAFaultOfItsOwn()
    {
        File.WriteAllText(_folder.File("b.log"), "text\n");
        using var source = new EventBlockSource([(_folder.File("none"), "none"), (_folder.File("b.log"), "b.log")], "auto");
        var (block, faults, events) = (new EventBlock(), new List<EventFileFault>(), 0);
        while (source.TryRead(block)) new EventBlockReader(CollectorsModule.CreateParsers(), "auto").Read(block, (_, _) => events++, faults.Add);
        Assert.Equal("none", Assert.Single(faults).File);
        Assert.Equal(1, events);
    }

    private (List<(long Number, string Text)> Read, List<EventFileFault> Faults, int Blocks) Read(string name)
    {
        var (read, faults, blocks) = (new List<(long, string)>(), new List<EventFileFault>(), 0);
        using var source = new EventBlockSource([(_folder.File(name), name)], "auto");
        var (block, reader) = (new EventBlock(), new EventBlockReader(CollectorsModule.CreateParsers(), "auto"));
        for (; source.TryRead(block); blocks++) reader.Read(block, (e, number) => read.Add((number, e.GetText(Field.Message) ?? e.GetText(Field.EventOriginal) ?? "")), faults.Add);
        return (read, faults, blocks);
    }
}
