using Beacon.Collectors.Files;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Files;

public sealed class EventFileReaderTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly EventFileReader _reader = new(CollectorsModule.CreateParsers());

    public void Dispose() => _folder.Dispose();

    private (List<string> Events, List<EventFileFault> Faults) Read(string name, string content, string format = "auto")
    {
        File.WriteAllText(_folder.File(name), content);
        var (events, faults) = (new List<string>(), new List<EventFileFault>());
        _reader.Read(_folder.File(name), format, (e, label) => events.Add($"{label}:{e.GetText(Field.Message)}"), faults.Add);
        return (events, faults);
    }

    [Fact]
    public void Read_Lines_LabelsByNumberAndReportsBadOnes()
    {
        var (events, faults) = Read("a.ndjson", "{\"message\":\"one\"}\n\n{\"message\":\n{\"message\":\"four\"}");
        Assert.Equal(["1:one", "4:four"], events);
        Assert.Equal("line 3", Assert.Single(faults).Place);
    }

    [Theory]
    [InlineData("[\n{\"message\":\"a\"},\n{\"message\":\"b\"}]")]
    [InlineData("{\n \"message\": \"a\"\n}\n{\n \"message\": \"b\"\n}")]
    [InlineData("[{\"message\":\"a\"},{\"message\":\"b\"}]")]
    public void Read_JsonOverLines_GivesEachObject(string content) => Assert.Equal(["1:a", "2:b"], Read("a.json", content).Events);

    [Fact]
    public void Read_NoSuchFile_IsAFault()
    {
        var faults = new List<EventFileFault>();
        Assert.Equal(1, _reader.Read(_folder.File("none"), "auto", (_, _) => { }, faults.Add).Faults);
        Assert.Single(faults);
    }

    [Fact]
    public void Read_UnknownFormat_Throws() => Assert.Throws<ArgumentException>(() => Read("a.log", "x", "klingon"));

    [Fact]
    public void EnumerateFiles_Folder_IsSortedAndDoesNotFollowLinks()
    {
        Directory.CreateDirectory(_folder.File("b/c"));
        foreach (var file in (string[])["b/c/z.log", "b/a.evtx", "a.json", "readme.md"]) File.WriteAllText(_folder.File(file), "");
        Directory.CreateSymbolicLink(_folder.File("b/loop"), _folder.Path);
        Assert.Equal(["a.json", "b/a.evtx", "b/c/z.log"], EventFileReader.EnumerateFiles(_folder.Path).Select(f => Path.GetRelativePath(_folder.Path, f)));
        Assert.Equal([_folder.File("readme.md")], EventFileReader.EnumerateFiles(_folder.File("readme.md")));
    }

    [Fact]
    public void RecordLabels_NumberAgain_CountsUp()
    {
        var labels = new RecordLabels();
        Assert.Equal(["5", "6", "7", "6~2", "3", "6~3", "8", "3~2", "8~2"], ((long[])[5, 6, 7, 6, 3, 6, 8, 3, 8]).Select(n => labels.Next(n).ToString()));
    }
}
