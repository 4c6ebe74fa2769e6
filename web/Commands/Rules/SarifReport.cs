using System.Buffers;
using System.Text;
using System.Text.Json;
using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;

namespace Beacon.Web.Commands.Rules;

/// <summary>Findings in the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS), which code hosts show beside the lines.</summary>
internal static class SarifReport
{
    public const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    /// <param name="root">Folder below which files are named by their relative path.</param>
    public static string Write(RuleCheck check, string root)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            var codes = WriteTool(json, check);
            // Columns are counted as .NET and YAML readers count them.
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (var finding in check.Findings) WriteResult(json, finding, codes, root);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static Dictionary<string, int> WriteTool(Utf8JsonWriter json, RuleCheck check)
    {
        // The reader's own codes need no more than their name: each message says what is wrong.
        var kinds = RuleCheck.Kinds.Concat(check.Findings.Select(static f => f.Code).Distinct().Where(static c => RuleCheck.Kinds.All(k => k.Code != c)).Order(StringComparer.Ordinal)
            .Select(static c => new FindingKind(c, FaultSeverity.Error, "The document is not Sigma: " + c + "."))).ToArray();
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "Beacon");
        json.WriteString("version", typeof(SarifReport).Assembly.GetName().Version!.ToString(3));
        json.WriteStartArray("rules");
        foreach (var kind in kinds)
        {
            json.WriteStartObject();
            json.WriteString("id", kind.Code);
            Text(json, "shortDescription", kind.Says);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level(kind.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        return kinds.Select(static (k, i) => (k.Code, i)).ToDictionary(static k => k.Code, static k => k.i);
    }

    private static void WriteResult(Utf8JsonWriter json, SigmaFault finding, Dictionary<string, int> codes, string root)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Code);
        json.WriteNumber("ruleIndex", codes[finding.Code]);
        json.WriteString("level", Level(finding.Severity));
        Text(json, "message", finding.Hint.IsEmpty ? finding.Message.ToString() : $"{finding.Message} ({finding.Hint})");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Address(finding.File, root));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", finding.Line);
        json.WriteNumber("startColumn", finding.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>A relative reference for what lies below the folder, else a file URI.</summary>
    private static string Address(string file, string root)
    {
        var relative = Path.GetRelativePath(root, file);
        if (relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative)) return new Uri(Path.GetFullPath(file)).AbsoluteUri;
        return string.Join('/', relative.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private static string Level(FaultSeverity severity) => severity switch { FaultSeverity.Error => "error", FaultSeverity.Warning => "warning", _ => "note" };
}
