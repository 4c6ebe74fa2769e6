using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beacon.Collectors.Parsers;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Parsers;

/// <summary>
/// Every line of cases/*.log, parsed by recognition, must give the fields of the object at its place in the *.json beside it: dotted
/// names, and "!name" for a field that must not be there. Lines count from the file received on 1 March 2026.
/// </summary>
public sealed class ParserCasesTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "cases");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder(), "*.log").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Parse_EachCase_GivesTheFieldsBesideIt(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder(), name + ".log"));
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder(), name + ".json")))!.AsArray();
        Assert.Equal(lines.Length, expected.Count);
        var parsers = CollectorsModule.CreateParsers();
        for (var i = 0; i < lines.Length; i++)
        {
            var e = new SecurityEvent { Received = Received, Timestamp = Received };
            var result = parsers.Parse(null, Encoding.UTF8.GetBytes(lines[i]), FrameInfo.At(Received), e, out _);
            Assert.True(result.Succeeded, $"{name}:{i + 1}: {result.Error}");
            foreach (var (field, value) in expected[i]!.AsObject())
            {
                if (field.StartsWith('!'))
                {
                    Assert.True(e.GetText(field[1..]) is null, $"{name}:{i + 1}: {field[1..]} is {e.GetText(field[1..])}");
                    continue;
                }
                string[] wanted = value is JsonArray list ? [.. list.Select(v => v!.ToString())] : [value!.ToString()];
                Assert.True(wanted.SequenceEqual(Values(e, field)), $"{name}:{i + 1}: {field} is [{string.Join('|', Values(e, field))}], not [{string.Join('|', wanted)}]\n{EcsJson.ToText(e)}");
            }
        }
    }

    private static IEnumerable<string> Values(SecurityEvent e, string field)
    {
        if (field == "@timestamp") return [e.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture)];
        return Enumerable.Range(0, e.Count).Where(i => e.NameAt(i).SequenceEqual(Encoding.UTF8.GetBytes(field))).Select(e.TextAt);
    }

    [Fact]
    public void EveryParser_IsInTheListAndHasACase()
    {
        var types = typeof(ParserCatalog).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IEventParser).IsAssignableFrom(t)).ToList();
        var catalog = CollectorsModule.CreateParsers();
        var registered = catalog.Formats.Skip(1).Select(f => catalog.TryFind(f, out var p) ? p.GetType() : null).ToHashSet();
        Assert.All(types, t => Assert.Contains(t, registered));
        var recognised = Directory.GetFiles(Folder(), "*.log").SelectMany(File.ReadAllLines).Select(l => catalog.Recognise(Encoding.UTF8.GetBytes(l))?.GetType()).ToHashSet();
        Assert.All(types, t => Assert.Contains(t, recognised));
    }
}
