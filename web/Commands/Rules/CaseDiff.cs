using System.Text;
using Beacon.Detections.Rules;

namespace Beacon.Web.Commands.Rules;

/// <summary>Shows why a case differs: '+' held, '-' did not; the event's value beside what was looked for.</summary>
internal static class CaseDiff
{
    public static string Write(RuleCaseResult result)
    {
        var text = new StringBuilder();
        Line(text, $"{result.File}:{result.Line}: '{result.Name}' differs");
        Line(text, $"    expected: {(result.Expected ? "match" : "no match")}");
        Line(text, $"    actual:   {(result.Actual ? "match" : "no match")}");
        foreach (var difference in result.Differences) Line(text, "    " + difference);
        if (result.Trace is not { } trace) return text.ToString();
        if (!trace.LogSourceFits) Line(text, "    the event is not one of the rule's log source: nothing else was looked at");
        foreach (var selection in trace.Selections)
        {
            Line(text, $"    {Sign(selection.Held)} {selection.Name} {(selection.Held ? "held" : "did not hold")}");
            foreach (var field in selection.Fields)
            {
                var named = field.Field.Length == 0 ? "any field" : field.EventField.Length == 0 || field.EventField == field.Field ? field.Field : $"{field.Field} ({field.EventField})";
                Line(text, $"        {Sign(field.Held)} {named}");
                Line(text, $"            looked for: {field.Wanted}");
                if (field.Field.Length > 0) Line(text, $"            event has:  {(field.Values.Count == 0 ? "nothing" : string.Join(", ", field.Values.Select(static v => "'" + v + "'")))}");
            }
        }
        return text.ToString();
    }

    private static char Sign(bool held) => held ? '+' : '-';

    private static void Line(StringBuilder text, string line) => text.Append(TerminalText.Clean(line)).Append('\n');
}
