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

    private static List<string> Winlog(SecurityEvent e) =>
        [.. Enumerable.Range(0, e.Count).Where(i => e.NameAt(i).StartsWith("winlog."u8)).Select(i => $"{System.Text.Encoding.UTF8.GetString(e.NameAt(i))}={e.TextAt(i)}").Order(StringComparer.Ordinal)];
}
