using System.Text.Json;
using Beacon.Events;

namespace Beacon.Detections.Tests.Corpora;

/// <summary>Flat Windows JSON, System fields and event data side by side, as events.</summary>
internal static class FlatWindowsEvents
{
    private static readonly Dictionary<string, string> System = new()
    {
        ["EventID"] = "winlog.event_id", ["Channel"] = "winlog.channel", ["Provider_Name"] = "winlog.provider_name", ["Provider_Guid"] = "winlog.provider_guid",
        ["Computer"] = "winlog.computer_name", ["EventRecordID"] = "winlog.record_id", ["Level"] = "winlog.level", ["Task"] = "winlog.task",
        ["Opcode"] = "winlog.opcode", ["Keywords"] = "winlog.keywords", ["Version"] = "winlog.version", ["UserID"] = "winlog.user.identifier",
    };

    private static readonly HashSet<string> Left = ["product", "service", "category", "TimeCreated"];

    public static SecurityEvent Read(byte[] json)
    {
        var e = new SecurityEvent();
        using var document = JsonDocument.Parse(json);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (Left.Contains(property.Name)) continue;
            Add(e, System.GetValueOrDefault(property.Name, "winlog.event_data." + property.Name), property.Value);
        }
        return e;
    }

    private static void Add(SecurityEvent e, string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray()) Add(e, name, item);
                break;
            case JsonValueKind.Object:
                foreach (var item in value.EnumerateObject()) Add(e, name + "." + item.Name, item.Value);
                break;
            case JsonValueKind.Number: e.Add(name, value.GetRawText(), ValueKind.Number); break;
            case JsonValueKind.True or JsonValueKind.False: e.Add(name, value.GetRawText(), ValueKind.Boolean); break;
            case JsonValueKind.Null: e.Add(name, "", ValueKind.Null); break;
            default: e.Add(name, value.GetString()); break;
        }
    }
}
