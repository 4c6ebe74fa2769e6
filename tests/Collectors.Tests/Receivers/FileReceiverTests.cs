using System.Text;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Receivers;

public sealed class FileReceiverTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly FakeStore _store = new();
    private readonly string _log;

    public FileReceiverTests()
    {
        Directory.CreateDirectory(_folder.File("logs"));
        _log = _folder.File("logs/app.log");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Rig> StartAsync(string extra = "")
    {
        var rig = await Rig.CreateAsync(_folder.Path, _store);
        var faults = await rig.Sources.SaveAsync(new SourceDefinition("files", "Files", "file",
            SourceDefinition.ParseSettings($$"""{"paths":["{{_folder.File("logs")}}/app.log*"],"poll_milliseconds":50{{extra}}}"""), "auto", "", "", true), default);
        Assert.Empty(faults);
        return rig;
    }

    private List<string> Messages => [.. _store.Events.OrderBy(e => e.Key).Select(e => e.Value.GetText(Field.Message)!)];

    private Task UntilAsync(int count) => Rig.UntilAsync(() => _store.Events.Count >= count);

    [Fact]
    public async Task Lines_GrowingFile_EachOnceAndTheUnfinishedOneWaits()
    {
        await File.WriteAllTextAsync(_log, "one\ntwo\nthr");
        await using var rig = await StartAsync();
        await UntilAsync(2);
        await File.AppendAllTextAsync(_log, "ee\nfour\n");
        await UntilAsync(4);
        Assert.Equal(["one", "two", "three", "four"], Messages);
        Assert.All(_store.Events.Values, e => Assert.Equal(_log, e.GetText(Field.LogFilePath)));
    }

    [Fact]
    public async Task Rotation_ByRename_ReadsTheOldToItsEndAndTheNewFromItsBeginning()
    {
        await File.WriteAllTextAsync(_log, "one\n");
        await using var rig = await StartAsync();
        await UntilAsync(1);
        await File.AppendAllTextAsync(_log, "two\n");
        File.Move(_log, _log + ".1");
        await File.AppendAllTextAsync(_log + ".1", "three\n");
        await File.WriteAllTextAsync(_log, "four\n");
        await UntilAsync(4);
        Assert.Equal(["four", "one", "three", "two"], Messages.Order());
    }

    [Fact]
    public async Task Truncation_InPlace_BeginsAgain()
    {
        await File.WriteAllTextAsync(_log, "a first line that is long\nand another\n");
        await using var rig = await StartAsync();
        await UntilAsync(2);
        await File.WriteAllTextAsync(_log, "new\n");
        await UntilAsync(3);
        Assert.Equal("new", Messages[^1]);
    }

    [Fact]
    public async Task Restart_AfterACrash_GoesOnAtTheRightByte()
    {
        await File.WriteAllTextAsync(_log, string.Concat(Enumerable.Range(0, 1000).Select(i => $"line {i}\n")));
        for (var round = 1; round <= 3; round++)
        {
            var rig = await StartAsync();
            await UntilAsync(100 * round);
            await rig.CrashAsync();
            await File.AppendAllTextAsync(_log, string.Concat(Enumerable.Range(0, 200).Select(i => $"round {round} line {i}\n")));
        }
        await using var last = await StartAsync();
        await UntilAsync(1600);
        await last.DrainAsync();
        Assert.Equal(1600, _store.Events.Count);
        Assert.Equal(1600, Messages.Distinct().Count());
        Assert.Empty(_store.Doubles);
    }

    [Fact]
    public async Task Start_AtTheEnd_LeavesWhatWasThere()
    {
        await File.WriteAllTextAsync(_log, "old\n");
        await using var rig = await StartAsync(""","start":"end" """);
        await Rig.UntilAsync(() => rig.Sources.Statuses.Single(s => s.Definition.Id == "files").State == SourceState.Running);
        await File.AppendAllTextAsync(_log, "new\n");
        await UntilAsync(1);
        Assert.Equal(["new"], Messages);
    }

    [Fact]
    public async Task Line_LongerThanTheCeiling_IsDroppedAndTheRestRead()
    {
        await File.WriteAllTextAsync(_log, "one\n" + new string('x', 3_000_000) + "\ntwo\n");
        await using var rig = await StartAsync();
        await UntilAsync(2);
        Assert.Equal(["one", "two"], Messages);
        await Rig.UntilAsync(() => rig.TotalAsync("files").Result.Dropped == 1);
    }

    [Fact]
    public async Task Preview_OfTheFile_ShowsItsFirstLinesAndStoresNothing()
    {
        await File.WriteAllTextAsync(_log, "<13>Oct 11 22:14:15 gate app: hello\n", Encoding.UTF8);
        await using var rig = await Rig.CreateAsync(_folder.Path, _store);
        var preview = rig.Sources.Preview(new SourceDefinition("f", "F", "file", SourceDefinition.ParseSettings($$"""{"paths":["{{_log}}"]}"""), "syslog", "", "", true), null);
        Assert.Empty(preview.Faults);
        Assert.Single(preview.Lines);
        Assert.Empty(_store.Events);
    }

    [Fact]
    public async Task Preview_OfSeveralFiles_SaysWhichAndHowManyOfItsLinesAreRead()
    {
        await File.WriteAllTextAsync(_log, "{\"message\":\"a\",\"event\":{\"module\":\"plant\"}}\n{\"message\": broken}\n" + string.Concat(Enumerable.Repeat("{\"message\":\"b\"}\n", 1_200)));
        await File.WriteAllTextAsync(_log + ".1", "older\n");
        await using var rig = await Rig.CreateAsync(_folder.Path, _store);
        var preview = rig.Sources.Preview(new SourceDefinition("f", "F", "file", SourceDefinition.ParseSettings($$"""{"paths":["{{_log}}*"]}"""), "auto", "", "", true), null);
        Assert.Equal((_log, 2, 1_000, 1), (preview.From, preview.Files, preview.Seen, preview.Unread));
        Assert.Equal(20, preview.Lines.Count);
    }

    [Fact]
    public async Task Read_OutsideTheFoldersThatMayBeRead_IsRefusedAlsoBehindALink()
    {
        var inside = Directory.CreateDirectory(_folder.File("open")).FullName;
        await File.WriteAllTextAsync(_log, "secret\n");
        await File.WriteAllTextAsync(Path.Combine(inside, "a.log"), "open\n");
        File.CreateSymbolicLink(Path.Combine(inside, "b.log"), _log);
        Directory.CreateSymbolicLink(Path.Combine(inside, "up"), Path.GetDirectoryName(_log)!);
        await using var rig = await Rig.CreateAsync(_folder.Path, _store, configure: o => o.FileRoots.Add(inside));
        PreviewResult Look(string path) => rig.Sources.Preview(new SourceDefinition("f", "F", "file", SourceDefinition.ParseSettings($$"""{"paths":["{{path}}"]}"""), "auto", "", "", true), null);
        Assert.Equal("open", Look(Path.Combine(inside, "*.log")).Lines.Single().Text);
        Assert.Equal("settings.paths", Look(_log).Faults.Single().Key);
        Assert.NotEmpty(Look(Path.Combine(inside, "b.log")).Faults);
        Assert.NotEmpty(Look(Path.Combine(inside, "up", "*")).Faults);
        Assert.NotEmpty(Look(Path.Combine(inside, "..", "logs", Path.GetFileName(_log))).Faults);
        // As it is followed, too: a link may be laid after the source was kept.
        Assert.Empty(await rig.Sources.SaveAsync(new SourceDefinition("files", "Files", "file", SourceDefinition.ParseSettings($$"""{"paths":["{{inside}}/*.log"],"poll_milliseconds":50}"""), "auto", "", "", true), default));
        await UntilAsync(1);
        Assert.Equal(["open"], Messages);
    }
}
