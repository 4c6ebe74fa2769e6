using System.Globalization;
using System.Text.Json;
using Beacon.Alerting.Notifications.Channels;

namespace Beacon.Alerting.Playbooks.Actions.Shell;

/// <summary>What a command printed, as a step takes it over. Everything is masked before it is cut.</summary>
internal static class CommandOutputs
{
    private const int MaxShown = 300;

    /// <summary>out_args: __exit_code__, __stdout__, __stderr__, any other the member of its name of a JSON object that was printed.</summary>
    public static void Take(ActionCall call, int exit, string output, string error, Dictionary<string, string> outputs)
    {
        if (call.Step.OutArgs.Count == 0) return;
        var printed = call.Mask(output).TrimEnd('\r', '\n');
        foreach (var name in call.Step.OutArgs)
        {
            switch (name)
            {
                case "__exit_code__": outputs[name] = exit.ToString(CultureInfo.InvariantCulture); break;
                case "__stdout__": outputs[name] = Text.Cut(printed, VariableTypes.MaxValueLength); break;
                case "__stderr__": outputs[name] = Text.Cut(call.Mask(error).TrimEnd('\r', '\n'), VariableTypes.MaxValueLength); break;
                default:
                    if (Member(printed, name.Trim('_')) is { } value) outputs[name] = Text.Cut(value, VariableTypes.MaxValueLength);
                    break;
            }
        }
    }

    /// <summary>": " and what was printed, on one line; "" where nothing was.</summary>
    public static string Shown(ActionCall call, string printed) => call.Mask(printed).Trim() is { Length: > 0 } text ? ": " + Text.Cut(PlainText.Line(Text.Cut(text, MaxShown)), MaxShown) : "";

    private static string? Member(string printed, string name)
    {
        if (!printed.AsSpan().TrimStart().StartsWith("{")) return null;
        try
        {
            using var json = JsonDocument.Parse(printed, new JsonDocumentOptions { MaxDepth = 32 });
            return !json.RootElement.TryGetProperty(name, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
