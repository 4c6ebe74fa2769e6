using System.Text;
using Beacon.Events;

namespace Beacon.Web.Console.Shell;

/// <summary>One event as one line. Text from events: show it as such.</summary>
internal static class EventLine
{
    private const int MaxParts = 8;

    // Fields that most events have and that tell nothing of this one.
    private static readonly string[] Common = ["event.", "host.", "observer.", "asset.", "organization.", "source.", "destination.", "related.", "network.", "winlog.provider_guid", "winlog.version", "winlog.keywords", "winlog.opcode", "winlog.task", "winlog.level", "zeek.uid", "zeek.session_id", "zeek.log", "ecs.", "agent.", "log."];

    /// <summary>Its message or command; of an event without one, who spoke to whom, then the fields that only this kind of event has.</summary>
    public static string Of(SecurityEvent e)
    {
        if (e.GetText(Field.Message) is { Length: > 0 } message) return message;
        if (e.GetText(Field.ProcessCommandLine) is { Length: > 0 } command) return command;
        var parts = new List<string>();
        if (e.GetText(Field.SourceIp) is { } from) parts.Add(e.GetText(Field.DestinationIp) is { } to ? $"{from} → {to}{(e.GetText(Field.DestinationPort) is { } port ? ":" + port : "")}" : from);
        for (var i = 0; i < e.Count && parts.Count < MaxParts; i++)
        {
            var name = Encoding.UTF8.GetString(e.NameAt(i));
            if (Common.Any(c => name.StartsWith(c, StringComparison.Ordinal)) || e.ValueAt(i).IsEmpty) continue;
            parts.Add($"{name[(name.LastIndexOf('.') + 1)..]}={e.TextAt(i)}");
        }
        return string.Join("  ", parts);
    }

    /// <summary>What kind of event it is, in a word or two: its action, else its dataset.</summary>
    public static string Kind(SecurityEvent e) => e.GetText("event.action") is { Length: > 0 } action ? action.Replace('-', ' ').Replace('_', ' ') : e.GetText(Field.EventDataset) ?? e.GetText("event.category") ?? "";
}
