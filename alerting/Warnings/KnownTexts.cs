using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Warnings;

/// <summary>
/// Advice, outlook, titles of rules and statutory reports in other languages than the English in which they are kept for the record, from data/texts.LANGUAGE.json: English text → text.
/// What is not known there (a person's own words, advice of an administrator's own file) stands as it is.
/// </summary>
public interface IKnownTexts
{
    /// <param name="language">Name of a culture; where it has no file its parents are asked. English gives the text back.</param>
    string In(string text, string language);

    /// <summary>English texts that are said with these words, in no order: what a reader types is looked for in what is kept.</summary>
    /// <param name="words">Stand somewhere in the text, without case.</param>
    /// <param name="most">Texts that are wanted at most.</param>
    IReadOnlyList<string> Originals(string words, string language, int most) => [];
}

internal sealed class KnownTexts(IOptions<AlertingOptions> options) : IKnownTexts
{
    private readonly Lazy<FrozenDictionary<string, FrozenDictionary<string, string>>> _byLanguage = new(() => Load(options.Value.DataDirectory));

    public string In(string text, string language)
    {
        for (var name = language; name.Length > 0; name = name.LastIndexOf('-') is var dash and > 0 ? name[..dash] : "")
            if (_byLanguage.Value.TryGetValue(name, out var texts)) return texts.GetValueOrDefault(text, text);
        return text;
    }

    public IReadOnlyList<string> Originals(string words, string language, int most)
    {
        if (words.Length == 0) return [];
        for (var name = language; name.Length > 0; name = name.LastIndexOf('-') is var dash and > 0 ? name[..dash] : "")
            if (_byLanguage.Value.TryGetValue(name, out var texts)) return [.. texts.Where(t => t.Value.Contains(words, StringComparison.OrdinalIgnoreCase)).Select(t => t.Key).Take(most)];
        return [];
    }

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Load(string folder) => Directory.EnumerateFiles(folder, "texts.*.json").ToFrozenDictionary(
        static path => Path.GetFileNameWithoutExtension(path)["texts.".Length..],
        static path =>
        {
            using var file = File.OpenRead(path);
            return (JsonSerializer.Deserialize(file, AlertingJson.Default.DictionaryStringString) ?? throw new InvalidDataException($"{path} is empty")).ToFrozenDictionary(StringComparer.Ordinal);
        }, StringComparer.OrdinalIgnoreCase);
}
