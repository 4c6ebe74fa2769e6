using System.Security.Cryptography;
using System.Text;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Filters;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Sigma;

/// <summary>What a file held: the rules that are sound, and everything that is wrong with the rest.</summary>
public sealed record SigmaReadResult(IReadOnlyList<SigmaRule> Rules, IReadOnlyList<SigmaFault> Faults)
{
    public IReadOnlyList<SigmaCorrelation> Correlations { get; init; } = [];
    public IReadOnlyList<SigmaFilter> Filters { get; init; } = [];

    public bool HasErrors => Faults.Any(static f => f.Severity == FaultSeverity.Error);
}

/// <summary>
/// Reads Sigma rule files (Sigma rules specification 2.1). A document with an error gives no rule; its neighbours are not
/// touched, and every fault of the file is reported at once. What correlations and filters refer to is looked up when rules are compiled.
/// </summary>
public static class SigmaReader
{
    private static readonly string[] Levels = ["informational", "low", "medium", "high", "critical"];

    private static readonly string[] Statuses = ["stable", "test", "experimental", "deprecated", "unsupported"];

    public static SigmaReadResult ReadFile(string path, SigmaReaderOptions? options = null)
    {
        var faults = new FaultList(path);
        try
        {
            var size = new FileInfo(path).Length;
            if (size <= YamlReader.MaxCharacters * 4L) return Read(path, File.ReadAllText(path), options);
            faults.Error(YamlMark.Start, FaultCodes.TooLarge, $"the file holds {size} bytes; at most {YamlReader.MaxCharacters} characters are read");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            faults.Error(YamlMark.Start, FaultCodes.Unreadable, $"the file cannot be read: {fault.Message}");
        }
        return new SigmaReadResult([], faults.Faults);
    }

    public static SigmaReadResult Read(string file, string text, SigmaReaderOptions? options = null)
    {
        var faults = new FaultList(file);
        var rules = new List<SigmaRule>();
        var correlations = new List<SigmaCorrelation>();
        var filters = new List<SigmaFilter>();
        var lines = new SourceLines(text);
        foreach (var document in YamlReader.Read(text, faults))
        {
            if (document.Root is YamlScalar { IsNull: true }) continue;
            var before = faults.Errors;
            object? read = document.Root switch
            {
                YamlMap map when map.Find("correlation") is not null => CorrelationReader.Read(map, document, lines, faults),
                YamlMap map when map.Find("filter") is not null => SigmaFilterReader.Read(map, document, lines, faults, options ?? SigmaReaderOptions.Default),
                _ => ReadRule(document, lines, faults, options ?? SigmaReaderOptions.Default),
            };
            if (faults.Errors > before || document.IsFaulty) continue;
            if (read is SigmaRule rule) rules.Add(rule);
            else if (read is SigmaCorrelation correlation) correlations.Add(correlation);
            else if (read is SigmaFilter filter) filters.Add(filter);
        }
        if (rules.Count + correlations.Count + filters.Count == 0 && faults.Errors == 0) faults.Error(YamlMark.Start, FaultCodes.Missing, "the file holds no rule");
        return new SigmaReadResult(rules, faults.Faults) { Correlations = correlations, Filters = filters };
    }

    private static SigmaRule? ReadRule(YamlDocument document, SourceLines lines, FaultList faults, SigmaReaderOptions options)
    {
        if (document.Root is not YamlMap root)
        {
            faults.Error(document.Root.Mark, FaultCodes.Structure, $"a rule is a map, not {document.Root.Kind}");
            return null;
        }
        if (Refused(root, faults)) return null;
        var title = Text(root, "title", faults);
        if (title.Length == 0) faults.Error(root.Mark, FaultCodes.Missing, "the rule has no title");
        else if (title.Length > 256) faults.Warn(root.Mark, FaultCodes.Value, "the title is longer than 256 characters");
        var condition = DetectionReader.Read(root, faults, options, out var unresolved);
        var source = LogSource(root, faults);
        var level = Level(root, faults);
        var id = Id(root, title, faults);
        var status = Status(root, faults);
        if (condition is null || title.Length == 0 || source is null) return null;
        return new SigmaRule
        {
            Id = id, Name = Text(root, "name", faults), Title = title, Status = status, Description = Text(root, "description", faults), Author = Text(root, "author", faults),
            References = Texts(root, "references", faults), Level = level, Tags = Texts(root, "tags", faults), FalsePositives = Texts(root, "falsepositives", faults),
            LogSource = source, File = faults.File, Line = document.FirstLine, Source = lines.Slice(document.FirstLine, document.LastLine),
            Condition = condition, UnresolvedPlaceholders = unresolved,
        };
    }

    internal static string Status(YamlMap root, FaultList faults)
    {
        var status = Text(root, "status", faults);
        if (status.Length > 0 && !Statuses.Contains(status))
            faults.Warn(root.Find("status")!.Mark, FaultCodes.Value, $"the status '{YamlReader.Shorten(status)}' is not one of {string.Join(", ", Statuses)}", remedy: FaultRemedy.Replace(status, Statuses));
        return status;
    }

    private static bool Refused(YamlMap root, FaultList faults)
    {
        foreach (var (key, value) in root.Entries)
        {
            switch (key.Text)
            {
                case "action" when value is YamlScalar { Text: "global" or "reset" or "repeat" }:
                    faults.Error(key.Mark, FaultCodes.Deprecated, "collections with 'action' were removed from Sigma", "write every rule whole, one a document");
                    return true;
            }
        }
        return false;
    }

    internal static string Id(YamlMap root, string title, FaultList faults)
    {
        var text = Text(root, "id", faults);
        if (text.Length == 0)
        {
            faults.Warn(root.Mark, FaultCodes.Missing, "the rule has no id; one is derived from its title and changes with it", "add id: and a random UUID", FaultRemedy.Add("id"));
            return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("sigma-title:" + title)).AsSpan(0, 16)).ToString();
        }
        if (!Guid.TryParseExact(text, "D", out var id))
        {
            faults.Error(root.Find("id")!.Mark, FaultCodes.Value, $"the id '{YamlReader.Shorten(text)}' is not a UUID", "write it as 8-4-4-4-12 hexadecimal digits", new FaultRemedy(RemedyKind.NewId, text, []));
            return "";
        }
        return id.ToString("D");
    }

    internal static SigmaLogSource? LogSource(YamlMap root, FaultList faults)
    {
        switch (root.Find("logsource"))
        {
            case null:
                faults.Error(root.Mark, FaultCodes.Missing, "the rule has no logsource");
                return null;
            case YamlMap map:
                var source = new SigmaLogSource(Word(map, "product"), Word(map, "category"), Word(map, "service"));
                if (source == new SigmaLogSource("", "", ""))
                {
                    faults.Error(map.Mark, FaultCodes.LogSource, "the logsource needs a product, a category or a service");
                    return null;
                }
                return source;
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, $"logsource is a map, not {other.Kind}");
                return null;
        }

        string Word(YamlMap map, string key)
        {
            var text = Text(map, key, faults);
            if (text.Length > 100) faults.Error(map.Mark, FaultCodes.Value, $"the logsource's {key} is longer than 100 characters");
            return text.ToLowerInvariant();
        }
    }

    internal static Severity Level(YamlMap root, FaultList faults)
    {
        var text = Text(root, "level", faults);
        switch (text)
        {
            case "informational": return Severity.Informational;
            case "low": return Severity.Low;
            case "medium": return Severity.Medium;
            case "high": return Severity.High;
            case "critical": return Severity.Critical;
            case "":
                faults.Warn(root.Mark, FaultCodes.Missing, "the rule has no level; medium is taken", remedy: FaultRemedy.Add("level", "medium"));
                return Severity.Medium;
            default:
                faults.Error(root.Find("level")!.Mark, FaultCodes.Value, $"the level '{YamlReader.Shorten(text)}' is not one of {string.Join(", ", Levels)}", remedy: FaultRemedy.Replace(text, Levels));
                return Severity.Medium;
        }
    }

    internal static string Text(YamlMap map, string key, FaultList faults)
    {
        switch (map.Find(key))
        {
            case null: return "";
            case YamlScalar scalar: return scalar.IsNull ? "" : scalar.Text.Trim();
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, $"'{key}' is text, not {other.Kind}");
                return "";
        }
    }

    internal static IReadOnlyList<string> Texts(YamlMap map, string key, FaultList faults)
    {
        switch (map.Find(key))
        {
            case null or YamlScalar { IsNull: true }: return [];
            case YamlScalar scalar: return [scalar.Text];
            case YamlList list:
                foreach (var item in list.Items)
                    if (item is not YamlScalar) faults.Error(item.Mark, FaultCodes.Structure, $"'{key}' lists text, not {item.Kind}");
                return [.. list.Items.OfType<YamlScalar>().Where(static s => !s.IsNull).Select(static s => s.Text)];
            case var other:
                faults.Error(other.Mark, FaultCodes.Structure, $"'{key}' is a list, not {other.Kind}");
                return [];
        }
    }
}
