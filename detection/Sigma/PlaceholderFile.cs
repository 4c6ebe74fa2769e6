using System.Text;
using System.Text.RegularExpressions;
using Beacon.Detections.Sigma.Modifiers;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>The values of placeholders by name, and what is wrong with their file.</summary>
public sealed record PlaceholderResult(IReadOnlyDictionary<string, IReadOnlyList<string>> Values, IReadOnlyList<SigmaFault> Faults);

/// <summary>
/// Reads the values that stand for %name% in rules with the modifier 'expand': a map of names to a value or a list of values, each a
/// Sigma string, wildcards included. An entry with a fault is left out, so that rules which need it are blind and say so.
/// </summary>
public static partial class PlaceholderFile
{
    public const int MaxNames = 1_000;
    public const int MaxValueLength = 1_000;

    private static readonly PlaceholderResult None = new(new Dictionary<string, IReadOnlyList<string>>(), []);

    /// <summary>No values where there is no such file.</summary>
    public static PlaceholderResult ReadFile(string path)
    {
        try
        {
            if (!File.Exists(path)) return None;
            if (new FileInfo(path).Length <= YamlReader.MaxCharacters * 4L) return Read(path, File.ReadAllText(path));
            return None with { Faults = [new SigmaFault(path, 1, 1, FaultCodes.TooLarge, FaultSeverity.Error, "the file is too large", "")] };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return None with { Faults = [new SigmaFault(path, 1, 1, FaultCodes.Unreadable, FaultSeverity.Error, $"the file cannot be read: {fault.Message}", "")] };
        }
    }

    public static PlaceholderResult Read(string file, string text)
    {
        var faults = new FaultList(file);
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var document in YamlReader.Read(text, faults))
        {
            switch (document.Root)
            {
                case YamlScalar { IsNull: true }: break;
                case YamlMap map:
                    foreach (var (key, value) in map.Entries) Add(values, key, value, faults);
                    break;
                case var other:
                    faults.Error(other.Mark, FaultCodes.Structure, $"placeholders are a map of names to values, not {other.Kind}", "write name: [value, value]");
                    break;
            }
        }
        return new PlaceholderResult(values, faults.Faults);
    }

    private static void Add(Dictionary<string, IReadOnlyList<string>> values, YamlScalar key, YamlNode node, FaultList faults)
    {
        if (!Name().IsMatch(key.Text))
        {
            faults.Error(key.Mark, FaultCodes.Placeholder, $"'{YamlReader.Shorten(key.Text)}' is no name of a placeholder", "it has 1 to 100 letters, digits, '_', '.' or '-', and no percent signs here");
            return;
        }
        if (values.Count >= MaxNames)
        {
            faults.Error(key.Mark, FaultCodes.TooLarge, $"more than {MaxNames} placeholders; '{key.Text}' is left out");
            return;
        }
        YamlNode[] given = node is YamlList list ? [.. list.Items] : [node];
        var before = faults.Errors;
        foreach (var item in given)
        {
            if (item is not YamlScalar { IsNull: false } scalar) faults.Error(item.Mark, FaultCodes.Placeholder, $"the values of '{key.Text}' are text, numbers or booleans, not {item.Kind}");
            else if (scalar.Text.Length > MaxValueLength) faults.Error(item.Mark, FaultCodes.TooLarge, $"a value of '{key.Text}' is longer than {MaxValueLength} characters");
        }
        if (given.Length == 0) faults.Error(node.Mark, FaultCodes.Placeholder, $"'{key.Text}' has no values", "give at least one, or take the name out");
        if (given.Length > ModifierChain.MaxValues) faults.Error(node.Mark, FaultCodes.TooLarge, $"'{key.Text}' has more than {ModifierChain.MaxValues} values");
        if (values.ContainsKey(key.Text)) faults.Error(key.Mark, FaultCodes.Duplicate, $"'{key.Text}' is given twice");
        if (faults.Errors == before) values[key.Text] = [.. given.Cast<YamlScalar>().Select(static s => s.Text)];
    }

    [GeneratedRegex("\\A[A-Za-z0-9_.-]{1,100}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
