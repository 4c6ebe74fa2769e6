using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Web.Commands.Bench;
using Beacon.Web.Hosting;
using Xunit.Sdk;

namespace Beacon.Web.Tests.Commands.Bench;

public sealed partial class BenchCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-bench-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Parse_Generated_ReadsEveryLineOfEveryFormat()
    {
        using var json = JsonDocument.Parse(ParseBench.Generated(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken).ToJson());

        AssertKeys(json.RootElement, "events", "events_per_second", "bytes_per_second", "cpu_us_per_event", "allocated_bytes_per_event", "peak_memory_mb", "formats");
        var formats = json.RootElement.GetProperty("formats").EnumerateArray().ToList();
        Assert.Equal([.. SampleLines.Formats.Select(f => f.Name), "mix"], formats.Select(f => f.GetProperty("name").GetString()));
        Assert.All(formats, f => Assert.Equal(0, f.GetProperty("faults").GetInt64()));
        Assert.All(formats, f => Assert.True(f.GetProperty("events").GetInt64() >= 10_000));
    }

    [Fact]
    public void Parse_File_CountsItsEvents()
    {
        var file = Write("auth.log", "<38>Nov 24 09:00:00 bas-01 sshd[31]: Failed password for root from 203.0.113.9 port 4000 ssh2\nplain words\n");

        using var json = JsonDocument.Parse(ParseBench.Files([file], "auto", TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken).ToJson());

        Assert.Equal(0, json.RootElement.GetProperty("events").GetInt64() % 2);
        Assert.Equal(file, json.RootElement.GetProperty("formats")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Match_EventsOfOneMatchingLine_CountsOnePass()
    {
        var rule = Write("rule.yml", "title: T\nid: 9b7f6f0e-7a39-4df5-9f66-0e2f6b6f9d11\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  selection:\n    user.name: root\n  condition: selection\nlevel: low\n");
        var broken = Write("broken.yml", "title: B\nlogsource:\n  product: linux\ndetection:\n  condition: nothing\n");
        var events = Write("events.log", "<38>Nov 24 09:00:00 bas-01 sshd[31]: Failed password for root from 203.0.113.9 port 4000 ssh2\n<38>Nov 24 09:00:01 bas-01 sshd[31]: Failed password for ops from 203.0.113.9 port 4000 ssh2\n");

        using var json = JsonDocument.Parse(MatchBench.Run([rule, broken], events, 2, TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken).ToJson());

        AssertKeys(json.RootElement, "rules_loaded", "rules_refused", "load_seconds", "events_per_second", "events_per_second_without_parsing", "cpu_us_per_event", "allocated_bytes_per_event", "matches", "peak_memory_mb");
        Assert.Equal(1, json.RootElement.GetProperty("rules_loaded").GetInt64());
        Assert.True(json.RootElement.GetProperty("rules_refused").GetInt64() >= 1);
        Assert.Equal(1, json.RootElement.GetProperty("matches").GetInt64());
        Assert.Equal(2, json.RootElement.GetProperty("threads").GetInt64());
    }

    [Fact]
    public async Task Store_FewEvents_AreThereAfterReopening()
    {
        await using var measured = new BenchStore(_folder.FullName, null);
        var report = await StoreBench.RunAsync(measured, 10_000, flows: false, withQueries: true, TestContext.Current.CancellationToken);

        using var json = JsonDocument.Parse(report.ToJson());
        AssertKeys(json.RootElement, "events", "events_per_second", "cpu_us_per_event", "allocated_bytes_per_event", "disk_bytes_per_event", "reopen_seconds", "query_threshold_group_by_5min_ms",
            "query_contains_command_line_day_ms", "query_histogram_minute_day_ms", "query_top_20_day_ms", "query_needle_newest_50_ms", "query_free_text_day_ms", "query_distinct_ports_per_source_5min_ms", "query_new_terms_hour_against_7_days_ms",
            "query_group_by_hash_and_host_5min_ms", "query_top_20_messages_5min_ms", "backtest_selective_events_per_second", "backtest_selective_events_per_cpu_second", "backtest_selective_raised", "peak_memory_mb");
        Assert.InRange(json.RootElement.GetProperty("json_bytes_per_event").GetInt64(), 1_000, 1_400);
        // About one event in fifty thousand, five times; the sample is always the same.
        Assert.InRange(json.RootElement.GetProperty("backtest_selective_raised").GetInt64(), 1, 10);
    }

    [Fact]
    public async Task Store_Flows_AreAllThereAndOfTheSizeTheyAreSaidToBe()
    {
        await using var measured = new BenchStore(_folder.FullName, null);
        var report = await StoreBench.RunAsync(measured, 10_000, flows: true, withQueries: false, TestContext.Current.CancellationToken);

        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(10_000, json.RootElement.GetProperty("events").GetInt64());
        Assert.InRange(json.RootElement.GetProperty("json_bytes_per_event").GetInt64(), 620, 760);
    }

    [Fact]
    public async Task Alerts_SmallDatabase_AnswersEveryQuestionOverAllOfThem()
    {
        using var json = JsonDocument.Parse((await AlertsBench.RunAsync(_folder.FullName, 10_000, TestContext.Current.CancellationToken)).ToJson());

        AssertKeys(json.RootElement, "open", "intake_alerts_per_second", "fill_seconds", "queries");
        Assert.Equal(10_000, json.RootElement.GetProperty("open").GetInt64());
        var rows = json.RootElement.GetProperty("queries").EnumerateArray().ToDictionary(q => q.GetProperty("query").GetString()!, q => q.GetProperty("rows").GetInt64());
        Assert.InRange(rows["first_page_by_urgency"], 9_900, 10_000);
        Assert.Equal(10_000, rows["first_page_by_urgency"] + rows["shelved"]);
        Assert.Equal(rows["first_page_by_urgency"], rows["counts"]);
        Assert.Equal(1, rows["one_entity"]);
        Assert.Equal(["words_none"], rows.Where(static r => r.Value == 0).Select(static r => r.Key));
    }

    [Fact]
    public void Bench_EverySubcommand_HasAnExample()
    {
        var bench = BenchCommand.Create();
        Assert.Equal(["parse", "match", "store", "path", "console", "nab", "alerts"], bench.Subcommands.Select(c => c.Name));
        Assert.All(bench.Subcommands, c => Assert.Contains($"./run bench {c.Name}", c.Description, StringComparison.Ordinal));
        Assert.All(bench.Subcommands, c => Assert.Contains(c.Options, o => o.Name == "--output"));
    }

    [Theory]
    [InlineData("--seconds", 0, 1, 3_600)]
    [InlineData("--events", 50_000_001, 10_000, 50_000_000)]
    public void Within_OutsideTheSpan_NamesTheOptionAndTheSpan(string option, int value, int least, int most)
    {
        var fault = Assert.Throws<CommandException>(() => BenchCommand.Within(option, value, least, most));
        Assert.StartsWith(option, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void ReadFile_Missing_IsRefused() => Refused("does not exist", () => BenchLines.ReadFile(Path.Combine(_folder.FullName, "none")));

    [Fact]
    public void ReadFile_Empty_IsRefused() => Refused("holds no line", () => BenchLines.ReadFile(Write("empty", "\n\r\n  \n")));

    [Fact]
    public void ReadFile_Compressed_IsRefused()
    {
        var file = Path.Combine(_folder.FullName, "events.xz");
        File.WriteAllBytes(file, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x0A]);
        Refused("compressed", () => BenchLines.ReadFile(file));
    }

    [Fact]
    public void ReadFile_LinesWithCarriageReturns_AreCutClean()
    {
        var lines = BenchLines.ReadFile(Write("lines", "one\r\n\r\n two \nthree"));
        Assert.Equal(["one", " two", "three"], Enumerable.Range(0, lines.Count).Select(i => System.Text.Encoding.UTF8.GetString(lines[i])));
    }

    [Fact]
    public void Match_FolderWithoutRules_IsRefused() => Refused("no rule", () => MatchBench.Run([_folder.FullName], null, 1, TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));

    [Fact]
    public void Parse_UnknownFormat_IsRefused() => Refused("unknown format", () => ParseBench.Files([Write("a.log", "x")], "latin", TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));

    [Fact]
    public void Folder_MissingParent_IsRefused() => Refused("does not exist", () => new BenchFolder(Path.Combine(_folder.FullName, "none")).Dispose());

    private static void Refused(string words, Action action)
    {
        var fault = Assert.Throws<CommandException>(action);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    private static void AssertKeys(JsonElement json, params string[] keys)
    {
        foreach (var key in keys)
            if (!json.TryGetProperty(key, out _)) throw new XunitException($"{key} is missing");
        foreach (var property in json.EnumerateObject()) Assert.Matches(SnakeCase(), property.Name);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();
}
