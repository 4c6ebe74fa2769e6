using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Beacon.Events;

namespace Beacon.Web.Console.Text;

/// <summary>Faults, refusals and whatever else the services say, in the viewer's language: phrases.LANGUAGE.json beside this file, English form → form.</summary>
internal static class Phrases
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, string>> ByLanguage = Read();

    /// <summary>Languages that there are forms in, besides English.</summary>
    public static IEnumerable<string> Languages => ByLanguage.Keys.Order(StringComparer.Ordinal);

    /// <summary>In the current UI culture's language; in English where that has no file.</summary>
    public static string In(Phrase phrase)
    {
        for (var culture = CultureInfo.CurrentUICulture; culture.Name.Length > 0; culture = culture.Parent)
            if (ByLanguage.TryGetValue(culture.Name, out var forms)) return phrase.In(form => forms.GetValueOrDefault(form, form));
        return phrase.ToString();
    }

    private static FrozenDictionary<string, FrozenDictionary<string, string>> Read()
    {
        const string before = "phrases.", behind = ".json";
        var assembly = typeof(Phrases).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(before, StringComparison.Ordinal)).ToFrozenDictionary(
            n => n[before.Length..^behind.Length],
            n =>
            {
                using var file = assembly.GetManifestResourceStream(n)!;
                return (JsonSerializer.Deserialize<Dictionary<string, string>>(file) ?? []).ToFrozenDictionary(StringComparer.Ordinal);
            }, StringComparer.OrdinalIgnoreCase);
    }
}
