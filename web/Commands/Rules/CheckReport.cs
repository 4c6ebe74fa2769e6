using System.Text.Json.Serialization;

namespace Beacon.Web.Commands.Rules;

/// <summary>What `rules check --output json` prints.</summary>
internal sealed record CheckReport(int Rules, int Blind, IReadOnlyList<CheckFinding> Findings);

internal sealed record CheckFinding(string File, int Line, int Column, string Code, string Severity, string Message, string Hint);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class CheckJson : JsonSerializerContext;
