using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting;

/// <summary>JSON of the change feed and of documents in the state database: camelCase, enums as names, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, ReadCommentHandling = JsonCommentHandling.Disallow)]
[JsonSerializable(typeof(AlertSummary))]
[JsonSerializable(typeof(WarningSummary))]
[JsonSerializable(typeof(IncidentSummary))]
[JsonSerializable(typeof(RunSummary))]
[JsonSerializable(typeof(RunRecording))]
[JsonSerializable(typeof(Playbooks.Imports.PlaybookVersion))]
[JsonSerializable(typeof(AlertEvidence))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(List<string>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class AlertingJson : JsonSerializerContext;

/// <summary>JSON of what only this room reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, ReadCommentHandling = JsonCommentHandling.Disallow)]
[JsonSerializable(typeof(AlertState))]
[JsonSerializable(typeof(WarningBody))]
[JsonSerializable(typeof(MatrixDocument))]
[JsonSerializable(typeof(AdviceDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;
