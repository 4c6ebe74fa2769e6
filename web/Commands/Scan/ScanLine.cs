using System.Text.Json.Serialization;

namespace Beacon.Web.Commands.Scan;

/// <summary>One match as `scan --output ndjson` prints it.</summary>
/// <param name="Event">Path relative to the scanned folder, '#', EventRecordID or line, and "~2" where the file holds the number again.</param>
/// <param name="Matched">With --explain only: where the rule matched.</param>
internal sealed record ScanLine(string Event, string Rule, string Title, string Level, DateTime Time, IReadOnlyList<ScanField>? Matched);

/// <param name="Start">First matching UTF-16 unit of the value; 0 with length 0 where the whole value counts.</param>
internal sealed record ScanField(string Selection, string Field, string Value, int Start, int Length);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScanLine))]
internal sealed partial class ScanJson : JsonSerializerContext;
