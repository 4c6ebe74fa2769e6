using System.Text.Json.Serialization;

namespace Beacon.Web.Commands;

/// <summary>One match as `scan --output ndjson` prints it.</summary>
/// <param name="Event">Path relative to the scanned folder, '#', EventRecordID or line, and "~2" where the file holds the number again.</param>
internal sealed record ScanLine(string Event, string Rule, string Title, string Level, DateTime Time);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ScanLine))]
internal sealed partial class ScanJson : JsonSerializerContext;
