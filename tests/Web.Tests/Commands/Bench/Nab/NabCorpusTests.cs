using System.Text.Json;
using Beacon.Web.Commands.Bench.Nab;
using Beacon.Web.Hosting;

namespace Beacon.Web.Tests.Commands.Bench.Nab;

public sealed class NabCorpusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-nab-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Read_CorpusInNabsLayout_FindsRowsAndWindows()
    {
        Write("labels/combined_windows.json", """{"g/a.csv": [["2020-01-01 00:05:00.000000", "2020-01-01 00:15:00.000000"]], "g/b.csv": [], "g/c.csv": []}""");
        Write("data/g/a.csv", "timestamp,value\n2020-01-01 00:00:00,1\n2020-01-01 00:05:00,2.5\n2020-01-01 00:10:00,-3e2\n2020-01-01 00:15:00,4\n");
        Write("data/g/b.csv", "timestamp,value\r\n2020-01-01 00:00:00,1\r\n");

        var (corpus, missing) = NabCorpus.Read(_folder.FullName);

        Assert.Equal(["g/a.csv", "g/b.csv"], corpus.Select(s => s.Name));
        Assert.Equal([1, 2.5, -300, 4], corpus[0].Values);
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 15, 0, TimeSpan.Zero), corpus[0].Times[3]);
        Assert.Equal([new NabWindow(1, 3)], corpus[0].Windows);
        Assert.Empty(corpus[1].Windows);
        Assert.Equal(["g/c.csv"], missing);
    }

    [Fact]
    public void Read_TimeThatIsThereTwice_MeansTheFirst()
    {
        Write("windows.json", """{"a.csv": [["2020-01-01 00:05:00", "2020-01-01 00:05:00"]]}""");
        Write("data/a.csv", "timestamp,value\n2020-01-01 00:00:00,1\n2020-01-01 00:05:00,2\n2020-01-01 00:05:00,3\n");

        Assert.Equal([new NabWindow(1, 1)], NabCorpus.Read(_folder.FullName).Series[0].Windows);
    }

    [Theory]
    [InlineData("{}", "x", "names no series")]
    [InlineData("[]", "x", "an object is expected")]
    [InlineData("{", "x", "windows.json can't be read")]
    [InlineData("""{"a.csv": [["2020-01-01 00:00:00"]]}""", "2020-01-01 00:00:00,1", "not pairs of times")]
    [InlineData("""{"a.csv": [["2020-01-01 00:01:00", "2020-01-01 00:00:00"]]}""", "2020-01-01 00:00:00,1\n2020-01-01 00:01:00,1", "in order")]
    [InlineData("""{"a.csv": [["2020-01-01 00:00:00", "2020-01-02 00:00:00"]]}""", "2020-01-01 00:00:00,1", "has no row at or behind 2020-01-02")]
    [InlineData("""{"a.csv": []}""", "2020-01-01 00:00:00;1", "a.csv:2: a time and a number")]
    [InlineData("""{"a.csv": []}""", "2020-01-01 00:00:00,NaN", "a.csv:2: a time and a number")]
    [InlineData("""{"a.csv": []}""", "", "has no rows")]
    [InlineData("""{"b.csv": []}""", "2020-01-01 00:00:00,1", "names b.csv")]
    public void Read_Fault_NamesThePlace(string labels, string rows, string message)
    {
        Write("windows.json", labels);
        Write("data/a.csv", "timestamp,value\n" + rows);

        Assert.Contains(message, Assert.Throws<CommandException>(() => NabCorpus.Read(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FolderWithoutLabels_SaysWhatIsMissing()
    {
        Assert.Contains("no windows.json", Assert.Throws<CommandException>(() => NabCorpus.Read(_folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<CommandException>(() => NabCorpus.Read(Path.Combine(_folder.FullName, "nowhere"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_SmallCorpus_HasTheKeysThatReadersNeed()
    {
        var begin = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var rows = Enumerable.Range(0, 1_000).Select(i => FormattableString.Invariant($"{begin.AddMinutes(5 * i):yyyy-MM-dd HH:mm:ss},{(i is >= 600 and < 610 ? 90 : 10 + i * 7919 % 13)}"));
        Write("data/a.csv", "timestamp,value\n" + string.Join('\n', rows));
        Write("windows.json", FormattableString.Invariant($$"""{"a.csv": [["{{begin.AddMinutes(5 * 590):yyyy-MM-dd HH:mm:ss}}", "{{begin.AddMinutes(5 * 650):yyyy-MM-dd HH:mm:ss}}"]]}"""));

        using var json = JsonDocument.Parse(NabBench.Run(NabCorpus.Read(_folder.FullName).Series, TestContext.Current.CancellationToken).ToJson());

        var report = json.RootElement;
        foreach (var key in (string[])["standard", "reward_low_fp", "reward_low_fn", "shipped_standard"]) Assert.InRange(report.GetProperty(key).GetDouble(), 50, 100);
        Assert.InRange(report.GetProperty("bytes_per_series").GetInt64(), 1_000, 10_000);
        Assert.True(report.GetProperty("us_per_point").GetDouble() > 0);
        var row = Assert.Single(report.GetProperty("series").EnumerateArray());
        Assert.Equal("a.csv", row.GetProperty("name").GetString());
        Assert.Equal(1, row.GetProperty("found").GetInt64());
    }

    [Fact]
    public void Bench_LabelledCorpus_ScoresAboveTheGoal()
    {
        var report = NabBench.Run(NabCorpus.Read(Shared.Find("corpora/nab")).Series, TestContext.Current.CancellationToken);

        var numbers = report.Values.Where(v => v.Value is double).ToDictionary(v => v.Key, v => (double)v.Value);
        Assert.True(numbers["shipped_standard"] > 75, FormattableString.Invariant($"the shipped threshold scores {numbers["shipped_standard"]:F1}"));
        Assert.True(numbers["standard"] >= numbers["shipped_standard"]);
        Assert.True(numbers["reward_low_fp"] > 60);
        Assert.True(numbers["reward_low_fn"] > 75);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
