using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Web.Console.Text;

/// <summary>Faults, refusals and whatever else the services say, in the viewer's language: phrases.LANGUAGE.json beside this file, English form → form.</summary>
internal static class Phrases
{
    private static readonly FrozenDictionary<string, Language> ByLanguage = Read();

    /// <summary>Languages that there are forms in, besides English.</summary>
    public static IEnumerable<string> Languages => ByLanguage.Keys.Order(StringComparer.Ordinal);

    private static Language? Current
    {
        get
        {
            for (var culture = CultureInfo.CurrentUICulture; culture.Name.Length > 0; culture = culture.Parent)
                if (ByLanguage.TryGetValue(culture.Name, out var language)) return language;
            return null;
        }
    }

    /// <summary>In the current UI culture's language; in English where that has no file.</summary>
    public static string In(Phrase phrase) => Current is { } language ? phrase.In(form => language.Forms.GetValueOrDefault(form, form)) : phrase.ToString();

    /// <summary>What was a phrase and was kept as its English text; the text itself where it is of no form that is known.</summary>
    public static string Kept(string text)
    {
        if (Current is not { } language || text.Length == 0) return text;
        if (language.Forms.TryGetValue(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), out var whole)) return string.Format(CultureInfo.InvariantCulture, whole);
        // The form with most words of its own: "the rule '{0}' is not listed" before "the rule {0}".
        foreach (var pattern in language.Patterns)
            if (pattern.Match(text) is { } parts) return string.Format(CultureInfo.InvariantCulture, language.Forms[pattern.Form], parts);
        return text;
    }

    private static FrozenDictionary<string, Language> Read()
    {
        const string before = "phrases.", behind = ".json";
        var assembly = typeof(Phrases).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(before, StringComparison.Ordinal)).ToFrozenDictionary(
            n => n[before.Length..^behind.Length],
            n =>
            {
                using var file = assembly.GetManifestResourceStream(n)!;
                return new Language((JsonSerializer.Deserialize<Dictionary<string, string>>(file) ?? []).ToFrozenDictionary(StringComparer.Ordinal));
            }, StringComparer.OrdinalIgnoreCase);
    }

    private sealed record Language(FrozenDictionary<string, string> Forms)
    {
        public IReadOnlyList<PhrasePattern> Patterns { get; } = [.. Forms.Keys.Select(PhrasePattern.Of).OfType<PhrasePattern>().OrderByDescending(static p => p.Letters)];
    }
}
