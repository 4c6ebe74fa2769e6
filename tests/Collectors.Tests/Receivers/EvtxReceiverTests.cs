using Beacon.Collectors.Sources;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Receivers;

public sealed class EvtxReceiverTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folder_SameContentTwiceAndARestart_StoresEachRecordOnceWithEveryValue()
    {
        var sample = Directory.GetFiles(Corpora.Path("corpora", "sigma-regression"), "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var direct = new List<SecurityEvent>();
        new Beacon.Collectors.Files.EventFileReader(CollectorsModule.CreateParsers()).Read(sample, "auto", (e, _) => direct.Add(e.Clone()), _ => { });
        var inbox = Directory.CreateDirectory(_folder.File("inbox")).FullName;
        File.Copy(sample, Path.Combine(inbox, "a.evtx"));
        File.Copy(sample, Path.Combine(inbox, "b.evtx"));
        var store = new FakeStore();
        for (var round = 0; round < 2; round++)
        {
            await using var rig = await Rig.CreateAsync(_folder.Path, store);
            await rig.Sources.SaveAsync(new SourceDefinition("evtx", "Event logs", "evtx", SourceDefinition.ParseSettings($$"""{"path":"{{inbox}}","poll_milliseconds":50}"""), "auto", "", "", true), default);
            await Rig.UntilAsync(() => store.Events.Count >= direct.Count);
            await rig.DrainAsync();
        }
        Assert.Equal(direct.Count, store.Events.Count);
        foreach (var (expected, actual) in direct.Zip(store.Events.OrderBy(e => e.Key).Select(e => e.Value)))
        {
            Assert.Equal(expected.Timestamp, actual.Timestamp);
            Assert.Equal(Winlog(expected), Winlog(actual));
            foreach (var field in (FieldId[])[Field.EventCode, Field.HostName, Field.EventModule, Field.ProcessExecutable, Field.ProcessName, Field.UserName, Field.EventAction])
                Assert.Equal(expected.GetText(field), actual.GetText(field));
        }
    }

    [Fact]
    public async Task Preview_OfTheFolderAndOfAFileThatIsGiven_ShowsItsFirstRecordsAndStoresNothing()
    {
        var sample = Directory.GetFiles(Corpora.Path("corpora", "sigma-regression"), "*.evtx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var inbox = Directory.CreateDirectory(_folder.File("inbox")).FullName;
        File.Copy(sample, Path.Combine(inbox, "a.evtx"));
        var store = new FakeStore();
        await using var rig = await Rig.CreateAsync(_folder.Path, store);
        var source = new SourceDefinition("evtx", "Event logs", "evtx", SourceDefinition.ParseSettings($$"""{"path":"{{inbox}}"}"""), "auto", "", "", true);
        var folder = rig.Sources.Preview(source, null);
        Assert.Empty(folder.Faults);
        Assert.Equal((Path.Combine(inbox, "a.evtx"), 1, 0), (folder.From, folder.Files, folder.Unread));
        Assert.Contains("winlog", folder.Lines[0].Json, StringComparison.Ordinal);
        var given = rig.Sources.PreviewFile(source, "given.evtx", await File.ReadAllBytesAsync(sample, TestContext.Current.CancellationToken));
        Assert.Equal(("given.evtx", folder.Seen, folder.Format), (given.From, given.Seen, given.Format));
        Assert.Equal("file", rig.Sources.PreviewFile(source, "photo.evtx", "no event log"u8).Faults.Single().Key);
        Assert.Empty(store.Events);
    }

    private static List<string> Winlog(SecurityEvent e) =>
        [.. Enumerable.Range(0, e.Count).Where(i => e.NameAt(i).StartsWith("winlog."u8)).Select(i => $"{System.Text.Encoding.UTF8.GetString(e.NameAt(i))}={e.TextAt(i)}").Order(StringComparer.Ordinal)];
}
