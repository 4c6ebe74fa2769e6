using System.Diagnostics;
using System.Text.Json;
using Beacon.Collectors.Files;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Parsers.Evtx;

/// <summary>The reader against an independent one's output over the whole corpus, value by value.</summary>
public sealed class EvtxCorpusTests
{
    [Fact]
    public void Read_WholeCorpus_GivesEveryValueOfTheIndependentReader()
    {
        var expected = Expected();
        var corpora = Corpora.Path("corpora");
        var reader = new EventFileReader(CollectorsModule.CreateParsers());
        var found = new List<Dictionary<string, List<string>>>();
        foreach (var folder in (string[])["evtx", "sigma-regression"])
            foreach (var file in EventFileReader.EnumerateFiles(Path.Combine(corpora, folder)).Where(f => f.EndsWith(".evtx", StringComparison.OrdinalIgnoreCase)))
                reader.Read(file, "auto", (e, _) => found.Add(Values(e)), _ => { });
        Assert.True(found.Count >= expected.Count, $"{found.Count} records, expected {expected.Count}");

        var byKey = found.GroupBy(Key).ToDictionary(g => g.Key, g => g.ToList());
        var differences = new List<string>();
        foreach (var record in expected)
        {
            if (!byKey.TryGetValue(record.Key, out var candidates))
            {
                differences.Add($"missing {record.Key}");
                continue;
            }
            var best = candidates.Select(c => record.Differences(c)).MinBy(d => d.Count)!;
            differences.AddRange(best.Select(d => $"{record.Key}: {d}"));
        }
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n" + string.Join('\n', differences.Select(d => d[(d.IndexOf("Z: ", StringComparison.Ordinal) + 3)..]).GroupBy(d => d.Split(' ', ':')[0] + (d.Contains("missing", StringComparison.Ordinal) ? " missing" : "")).Select(g => $"{g.Count()} × {g.First()}").Take(40)));
    }

    private sealed record Record(string Key, Dictionary<string, List<string>> Data)
    {
        public List<string> Differences(Dictionary<string, List<string>> values)
        {
            var differences = new List<string>();
            foreach (var (name, wanted) in Data)
            {
                var got = values.GetValueOrDefault("winlog.event_data." + name);
                if (got is null) differences.Add($"{name} is missing ({string.Join('|', wanted)})");
                else if (!got.SequenceEqual(wanted)) differences.Add($"{name}: [{string.Join('|', got)}] instead of [{string.Join('|', wanted)}]");
            }
            return differences;
        }
    }

    private static readonly HashSet<string> SystemNames =
    [
        "EventID", "Channel", "Provider_Name", "Provider_Guid", "Computer", "Level", "Task", "Opcode", "Keywords", "Version", "EventRecordID", "TimeCreated",
        "Execution_ProcessID", "Execution_ThreadID", "UserID", "EventSourceName", "Qualifiers", "product", "service", "category",
    ];

    private static List<Record> Expected()
    {
        var file = Corpora.Path("peers", "events.ndjson.xz");
        var start = new ProcessStartInfo("xz", ["-dc", file]) { RedirectStandardOutput = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("xz is not installed");
            throw;
        }
        var records = new List<Record>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var data = json.RootElement.EnumerateObject().Where(p => !SystemNames.Contains(p.Name)).ToDictionary(p => p.Name, p => Texts(p.Value));
            string Get(string name) => json.RootElement.TryGetProperty(name, out var v) ? v.ToString() : "";
            records.Add(new Record($"{Get("Channel")}/{Get("EventID")}/{Get("EventRecordID")}/{Get("Computer")}/{Get("Provider_Name")}/{Get("TimeCreated")}", data));
        }
        process.WaitForExit();
        return records;
    }

    private static List<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Texts)],
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        JsonValueKind.Null => [""],
        JsonValueKind.String => [value.GetString()!],
        _ => [value.GetRawText()],
    };

    private static Dictionary<string, List<string>> Values(SecurityEvent e)
    {
        var values = new Dictionary<string, List<string>>();
        for (var i = 0; i < e.Count; i++)
        {
            var name = System.Text.Encoding.UTF8.GetString(e.NameAt(i));
            // The other reader gives names with spaces a second time without them.
            foreach (var key in (string[])[name, name.Replace(" ", "", StringComparison.Ordinal)])
            {
                if (!values.TryGetValue(key, out var list)) values[key] = list = [];
                list.Add(e.TextAt(i));
                if (!name.Contains(' ', StringComparison.Ordinal)) break;
            }
        }
        return values;
    }

    private static string Key(Dictionary<string, List<string>> v)
    {
        string Get(string name) => v.TryGetValue(name, out var list) ? list[0] : "";
        return $"{Get("winlog.channel")}/{Get("winlog.event_id")}/{Get("winlog.record_id")}/{Get("winlog.computer_name")}/{Get("winlog.provider_name")}/{Get("winlog.time_created")}";
    }
}
