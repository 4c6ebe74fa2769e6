using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting.Notifications.Setup;

namespace Beacon.Alerting.Notifications;

/// <summary>JSON of setups, as they are kept and as the API takes them: camelCase, enums as names.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NotificationSetup))]
internal sealed partial class NotificationJson : JsonSerializerContext;
