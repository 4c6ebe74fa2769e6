using System.Text;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>Says in one sentence what happened to whom, as far as the event tells.</summary>
internal static class Sentence
{
    private const int MaxPart = 120;

    public static string Of(string title, SecurityEvent e)
    {
        var text = new StringBuilder(title);
        Append(text, " on ", e.GetText(Field.HostName) ?? e.GetText(Field.WinlogComputerName));
        Append(text, " by ", e.GetText(Field.UserName) ?? e.GetText("winlog.event_data.User") ?? e.GetText("winlog.event_data.SubjectUserName"));
        var program = e.GetText(Field.ProcessName) ?? e.GetText(Field.ProcessExecutable) ?? e.GetText("winlog.event_data.Image");
        Append(text, " with ", program);
        var from = e.GetText(Field.SourceIp);
        Append(text, ", from ", from);
        if (e.GetText(Field.DestinationIp) is { } to && to != from) Append(text, " to ", to);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string word, string? value)
    {
        if (string.IsNullOrWhiteSpace(value) || value == "-") return;
        text.Append(word).Append(value.Length <= MaxPart ? value : value[..MaxPart] + "…");
    }
}
