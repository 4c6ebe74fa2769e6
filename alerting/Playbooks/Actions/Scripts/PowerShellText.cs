using System.Text;
using Beacon.Alerting.Playbooks.Actions.Shell;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Scripts;

/// <summary>
/// Values in PowerShell scripts come by the environment: a reference becomes <c>${env:__name__}</c>, which is a value wherever it stands and never read as
/// code. Where PowerShell would not fill it in, a reference is refused.
/// </summary>
internal static class PowerShellText
{
    /// <summary>What is wrong with the places of the references; null where nothing is.</summary>
    public static Phrase? Fault(string command) => Write(command, _ => "").Fault;

    /// <summary>The script, or why there is none. A constant that is the whole command is the author's own text and is run as it is.</summary>
    public static (string? Text, Phrase? Fault) Fill(Playbook playbook, PlaybookStep step, string command, Func<string, string?> variable)
    {
        var whole = VariableReference.Pattern.Match(command.Trim());
        var (text, fault) = whole.Success && whole.Length == command.Trim().Length && playbook.VariableOf(step, whole.Groups[1].Value) is { Constant: true, Value: { } own } ? (own, null) : Write(command, variable);
        return text is null ? (null, fault)
            : text.Contains('\0') ? (null, "the command has a NUL in it")
            : Encoding.UTF8.GetByteCount(text) > ShellText.MaxBytes ? (null, $"the command has more than {ShellText.MaxBytes} bytes")
            : string.IsNullOrWhiteSpace(text) ? (null, "the command is empty") : (text, null);
    }

    private static (string? Text, Phrase? Fault) Write(string command, Func<string, string?> variable)
    {
        var place = new PowerShellPlace(command);
        var text = new StringBuilder();
        var from = 0;
        for (var match = VariableReference.Pattern.Match(command); match.Success; match = match.NextMatch())
        {
            var name = match.Groups[1].Value;
            if (place.Reach(match.Index) is { } hard) return (null, $"{name} at character {match.Index + 1} cannot stand here: {hard}");
            if (variable(name) is not { } value) return (null, $"{name} has no value");
            if (value.Contains('\0')) return (null, $"the value of {name} has a NUL in it");
            text.Append(command, from, match.Index - from).Append("${env:").Append(name).Append('}');
            from = match.Index + match.Length;
            place.Skip(from);
        }
        return (text.Append(command, from, command.Length - from).ToString(), null);
    }
}
