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

    /// <summary>
    /// What was a phrase and was kept as its English text, whole or behind somebody's name ("ssh fw-1:22: …"), several in a row ("…; …") too; what is of no form that is known stands as it is.
    /// </summary>
    public static string Kept(string text) => Current is { } language && text.Length is > 0 and <= MaxKept ? Kept(language, text, MaxDepth) : text;

    // What is kept is shorter; each step down looks at a part only.
    private const int MaxKept = 8_000, MaxDepth = 3, MaxParts = 10;

    private static string Kept(Language language, string text, int depth)
    {
        if (language.Forms.TryGetValue(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), out var whole)) return string.Format(CultureInfo.InvariantCulture, whole);
        // The form with most words of its own: "the rule '{0}' is not listed" before "the rule {0}".
        foreach (var pattern in language.Patterns)
            if (pattern.Match(text) is { } parts) return string.Format(CultureInfo.InvariantCulture, language.Forms[pattern.Form], [.. parts.Select(p => depth > 0 ? Kept(language, p, depth - 1) : p)]);
        if (depth == 0) return text;
        if (text.Split("; ", MaxParts) is { Length: > 1 } row && row.Select(p => Kept(language, p, depth - 1)).ToArray() is var said && !said.SequenceEqual(row)) return string.Join("；", said);
        return text.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at && Kept(language, text[(at + 2)..], depth - 1) is var rest && rest.Length > 0 && rest != text[(at + 2)..] ? $"{text[..at]}：{rest}" : text;
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
