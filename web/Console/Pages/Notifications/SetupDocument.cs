using System.Text.Json;
using System.Text.Json.Serialization;
using Beacon.Alerting.Notifications.Setup;
using Route = Beacon.Alerting.Notifications.Setup.Route;

namespace Beacon.Web.Console.Pages.Notifications;

/// <summary>A setup as a person edits it: the document that the API takes, without what only Beacon writes. Secrets stand in it by name only.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, UseStringEnumConverter = true, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(SetupBody))]
internal sealed partial class SetupDocument : JsonSerializerContext
{
    public static string Write(NotificationSetup setup) => JsonSerializer.Serialize(new SetupBody(setup.Channels, setup.People, setup.Schedules, setup.Routes), Default.SetupBody);

    /// <summary>The setup, made from a version; or what is wrong with the text, with its line.</summary>
    public static (NotificationSetup? Setup, string Fault) Read(string text, NotificationSetup basis)
    {
        try
        {
            return JsonSerializer.Deserialize(text, Default.SetupBody) is { } body
                ? (basis with { Channels = body.Channels ?? [], People = body.People ?? [], Schedules = body.Schedules ?? [], Routes = body.Routes ?? [] }, "") : (null, "$");
        }
        catch (JsonException fault)
        {
            return (null, $"{fault.Path ?? "$"} ({(fault.LineNumber ?? 0) + 1}:{(fault.BytePositionInLine ?? 0) + 1})");
        }
    }
}

/// <summary>The four lists of a setup.</summary>
/// <param name="Channels">Null is none: each list may be left out.</param>
internal sealed record SetupBody(IReadOnlyList<Channel>? Channels, IReadOnlyList<Contact>? People, IReadOnlyList<OnCallSchedule>? Schedules, IReadOnlyList<Route>? Routes);
