using System.Text;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks.Actions.Shell;

/// <summary>
/// Puts values into commands of a POSIX shell (POSIX.1-2017, XCU 2.2): each stands in single quotes of its own, also where the author's text
/// is quoted already, so that it is one literal text whatever is in it. Where quotes don't make it literal, a reference is refused.
/// </summary>
internal static class ShellText
{
    /// <summary>Longest command with its values, bytes: below what Linux takes as one argument.</summary>
    public const int MaxBytes = 100_000;

    /// <summary>What is wrong with the places of the references; null where nothing is.</summary>
    public static Phrase? Fault(string command) => Write(command, _ => "").Fault;

    /// <summary>The command to run, or why there is none. A constant that is the whole command is the author's own text and is run as it is.</summary>
    public static (string? Command, Phrase? Fault) Fill(Playbook playbook, PlaybookStep step, string command, Func<string, string?> variable)
    {
        var whole = VariableReference.Pattern.Match(command.Trim());
        if (whole.Success && whole.Length == command.Trim().Length && playbook.VariableOf(step, whole.Groups[1].Value) is { Constant: true, Value: { } own }) return Bounded(own);
        var (text, fault) = Write(command, variable);
        return text is null ? (null, fault) : Bounded(text);
    }

    /// <summary>A text as one word that the shell takes literally.</summary>
    public static string Quote(string value) => "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    private static (string? Text, Phrase? Fault) Bounded(string text) =>
        text.Contains('\0') ? (null, "the command has a NUL in it")
        : Encoding.UTF8.GetByteCount(text) > MaxBytes ? (null, $"the command has more than {MaxBytes} bytes")
        : string.IsNullOrWhiteSpace(text) ? (null, "the command is empty") : (text, null);

    private static (string? Text, Phrase? Fault) Write(string command, Func<string, string?> variable)
    {
        var place = new ShellPlace(command);
        var text = new StringBuilder();
        var from = 0;
        for (var match = VariableReference.Pattern.Match(command); match.Success; match = match.NextMatch())
        {
            var name = match.Groups[1].Value;
            if (place.Reach(match.Index) is { } hard) return (null, $"{name} at character {match.Index + 1} cannot stand here: {hard}");
            if (variable(name) is not { } value) return (null, $"{name} has no value");
            if (value.Contains('\0')) return (null, $"the value of {name} has a NUL in it");
            text.Append(command, from, match.Index - from);
            if (place.Quote is { } open) text.Append(open).Append(Quote(value)).Append(open);
            else text.Append(Quote(value));
            from = match.Index + match.Length;
            place.Skip(from);
        }
        return (text.Append(command, from, command.Length - from).ToString(), null);
    }
}
