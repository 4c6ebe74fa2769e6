using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

/// <summary>What to do, in words, by ATT&amp;CK technique and tactic, from data/advice.json.</summary>
internal sealed class AdviceBook(IOptions<AlertingOptions> options)
{
    /// <summary>Advice given at once.</summary>
    public const int Most = 8;

    private readonly Lazy<FrozenDictionary<string, string[]>> _byName = new(() => Load(Path.Combine(options.Value.DataDirectory, "advice.json")));

    public int Count => _byName.Value.Count;

    /// <summary>Advice for techniques first (a sub-technique's parent where it has none of its own), then for tactics, each once.</summary>
    public IReadOnlyList<WarningAdvice> For(IEnumerable<string> techniques, IEnumerable<string> tactics)
    {
        var given = new List<WarningAdvice>();
        void Give(string name)
        {
            if (!_byName.Value.TryGetValue(name, out var texts)) return;
            foreach (var text in texts) if (given.Count < Most && !given.Exists(g => g.Text == text)) given.Add(new WarningAdvice(name, text));
        }
        foreach (var technique in techniques) Give(_byName.Value.ContainsKey(technique) ? technique : Attack.ParentOf(technique));
        if (given.Count < 3) foreach (var tactic in tactics) Give(tactic);
        return given;
    }

    private static FrozenDictionary<string, string[]> Load(string path)
    {
        using var file = File.OpenRead(path);
        var document = JsonSerializer.Deserialize(file, DocumentJson.Default.AdviceDocument) ?? throw new InvalidDataException($"{path} is empty");
        return document.Advice.SelectMany(a => a.For.Select(f => (f, a.Text))).GroupBy(x => x.f, x => x.Text).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }
}
