using System.Text;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Detections.Tests.Corpora;

namespace Beacon.Detections.Tests.Sigma.Yaml;

/// <summary>Where the quick reader answers, it answers as the whole one does: nodes, places, kinds, and the lines of documents.</summary>
public sealed class PlainYamlTests(ITestOutputHelper output)
{
    [Fact]
    public void TryRead_RulesOfTheCorpus_AgreesAndReadsNearlyAll()
    {
        var files = Directory.EnumerateFiles(Shared.Find("corpora/sigma"), "*.yml", SearchOption.AllDirectories).ToArray();
        var read = 0;
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            if (Agrees(text)) read++;
            else if (files.Length - read < 200) output.WriteLine(file);
        }
        output.WriteLine($"{read} of {files.Length}");
        Assert.InRange(read, files.Length * 95 / 100, files.Length);
    }

    [Fact]
    public void TryRead_ShippedRules_Agrees()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "rules"), "*.yml", SearchOption.AllDirectories)) Agrees(File.ReadAllText(file));
    }

    [Theory]
    [InlineData("a: 1")]
    [InlineData("a: 1\n")]
    [InlineData("a:\nb: ~\n")]
    [InlineData("a:\n- x\n- y\nb: 2\n")]
    [InlineData("a:\n  - x: 1\n    y: 2\n  - z\n")]
    [InlineData("a: |\n  one\n\n  two \n\nb: 1\n")]
    [InlineData("a: |-\n  one\n    deep\n  two\n")]
    [InlineData("a: >\n  one\n  two\n\n  three\n\n\n  four\nb: 1\n")]
    [InlineData("a: >-\n  one\n  two")]
    [InlineData("a: |+\n  one\n\n\nb: 1\n")]
    [InlineData("a: |\n  one")]
    [InlineData("a: one\n  two\n\n  three\nb: 2")]
    [InlineData("a: one # comment\nb: two#no\n# c\nc: 'it''s'\n")]
    [InlineData("a: \"x\\\\y\\\"\" # c\n'k|contains': v\n")]
    [InlineData("---\na: 1\n---\nb: 2\n")]
    [InlineData("# head\n\na: 1\n\n# tail\n")]
    [InlineData("---\n# c\na: 1\n---\n\n\nb: 2")]
    [InlineData("a: b: c")]
    [InlineData("a: - b")]
    [InlineData("a: 'open\n")]
    [InlineData("a: [1, 2]\nb: {c: d}\n")]
    [InlineData("a: &x 1\nb: *x\n")]
    [InlineData("- a\n- b: c\n  d: e\n-\n- - f\n")]
    [InlineData("a: one\n # comment\n two\n")]
    [InlineData("a:\n  - one\n two: 3\n")]
    [InlineData("a : 1\n? b\n: c\n")]
    [InlineData("a: -1\nb: -x\nc: ?x\nd: :x\n")]
    [InlineData("a:\r\n  - 'x'\r\n  - |\r\n    one\r\n    two\r\nb: 1\r\n")]
    [InlineData("a:\n  plain on a line of its own\n")]
    [InlineData("a: 1\na: 2\n")]
    [InlineData("a:\tx\n")]
    [InlineData("a: x\ty\n")]
    [InlineData("a: x:\n")]
    [InlineData("a: |\n\n  one\n")]
    [InlineData("a: |\n  one\n \n  two\n")]
    [InlineData("")]
    [InlineData("\n# nothing\n")]
    [InlineData("a: 'x' y\n")]
    [InlineData("a: http://x/y:z\n")]
    [InlineData("a:\n    - x\n    # c\n    - y\n  # d\nb: 1\n")]
    public void TryRead_Text_AgreesWithTheWholeReader(string text) => Agrees(text);

    [Fact]
    public void TryRead_ChangedRules_Agrees()
    {
        string[] pieces = [" ", "  ", "\n", "\n  ", "- ", ": ", ":", "#", " #", "'", "\"", "|", ">", "-", "&", "*", "!", "[", "]", "{", "}", ",", "\t", "---\n", "\\", "?", "x", "|-\n", "''", "\r\n"];
        var random = new Random(13);
        var seeds = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "rules"), "*.yml", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        var agreed = 0;
        for (var n = 0; n < 20_000; n++)
        {
            var text = new StringBuilder(seeds[random.Next(seeds.Length)]);
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                var at = random.Next(text.Length);
                if (random.Next(3) == 0) text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                else text.Insert(at, pieces[random.Next(pieces.Length)]);
            }
            if (Agrees(text.ToString())) agreed++;
        }
        Assert.InRange(agreed, 5_000, 20_000);
    }

    /// <summary>False where the quick reader gave up.</summary>
    private static bool Agrees(string text)
    {
        if (PlainYaml.TryRead(text) is not { } quick) return false;
        var faults = new FaultList("x");
        var whole = YamlReader.ReadWhole(text, faults);
        Assert.True(faults.Faults.Count == 0, string.Join('\n', faults.Faults) + "\n" + text);
        Assert.Equal(whole.Select(static d => $"{d.FirstLine}-{d.LastLine} {Show(d.Root)}"), quick.Select(static d => $"{d.FirstLine}-{d.LastLine} {Show(d.Root)}"));
        return true;
    }

    private static string Show(YamlNode node) => node switch
    {
        YamlMap map => $"{map.Mark}{{{string.Join(",", map.Entries.Select(static e => Show(e.Key) + "=" + Show(e.Value)))}}}{map.Size}",
        YamlList list => $"{list.Mark}[{string.Join(",", list.Items.Select(Show))}]{list.Size}",
        YamlScalar scalar => $"{scalar.Mark}<{scalar.Type}:{scalar.Text}>",
        _ => throw new InvalidOperationException(),
    };
}
