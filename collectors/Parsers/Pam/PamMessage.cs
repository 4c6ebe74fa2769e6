using Beacon.Events;

namespace Beacon.Collectors.Parsers.Pam;

/// <summary>Messages of Linux PAM's pam_unix and its kin, whichever program they come from.</summary>
internal sealed class PamMessage : IMessageParser
{
    public IReadOnlyList<string> Programs => [];

    public bool ParseMessage(ReadOnlySpan<byte> message, SecurityEvent into) => TryParse(message, into, null, null);

    /// <param name="module">Module and dataset of the program that the message comes from; null for PAM's own.</param>
    public static bool TryParse(ReadOnlySpan<byte> message, SecurityEvent into, string? module, string? dataset)
    {
        if (!message.StartsWith("pam_"u8) || !Text.TryCut(ref message, "): "u8, out _))
        {
            // Old systems write "sshd(pam_unix)[123]: authentication failure; …".
            var oldStyle = into.TryGet(Field.ProcessName, out var program) && program.IndexOf("(pam_"u8) > 0;
            if (!oldStyle && !message.StartsWith("PAM "u8)) return false;
        }
        if (message.StartsWith("authentication failure"u8) || (message.StartsWith("PAM "u8) && message.IndexOf("more authentication failure"u8) > 0)) AddFailure(message, into);
        else if (Text.TrySkip(ref message, "session opened for user "u8)) AddSession(message, into, "session_opened"u8, "start"u8);
        else if (Text.TrySkip(ref message, "session closed for user "u8)) AddSession(message, into, "session_closed"u8, "end"u8);
        else if (message.StartsWith("check pass; user unknown"u8)) EventMarks.Authentication(into, "user_unknown"u8, success: false);
        else return false;
        EventMarks.Module(into, module ?? "pam", dataset ?? "pam.auth");
        return true;
    }

    private static void AddFailure(ReadOnlySpan<byte> message, SecurityEvent into)
    {
        EventMarks.Authentication(into, "authentication_failure"u8, success: false);
        if (Value(message, "rhost="u8) is { IsEmpty: false } host) EventMarks.Source(into, host);
        // The user's name is the last value and may hold spaces: up to the end.
        var user = message.LastIndexOf(" user="u8);
        if (user >= 0 && message.Length > user + 6) into.Add(Field.UserName, Text.TrimSpaces(message[(user + 6)..]));
        if (Value(message, "ruser="u8) is { IsEmpty: false } remote) into.Add("source.user.name"u8, remote);
    }

    private static void AddSession(ReadOnlySpan<byte> message, SecurityEvent into, ReadOnlySpan<byte> action, ReadOnlySpan<byte> type)
    {
        into.Add(Field.EventCategory, "session"u8);
        into.Add(Field.EventType, type);
        into.Add(Field.EventAction, action);
        into.Add(Field.EventOutcome, "success"u8);
        var user = message;
        var by = user.IndexOf(" by "u8);
        if (by >= 0) user = user[..by];
        var paren = user.IndexOf("(uid="u8);
        if (paren > 0)
        {
            var id = user[(paren + 5)..].TrimEnd((byte)')');
            if (Text.TryDigits(id, out _)) into.Add(Field.UserId, id);
            user = user[..paren];
        }
        into.Add(Field.UserName, Text.TrimSpaces(user));
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> message, ReadOnlySpan<byte> name)
    {
        var at = message.IndexOf(name);
        if (at < 0 || (at > 0 && message[at - 1] != ' ')) return default;
        var rest = message[(at + name.Length)..];
        return Text.Word(ref rest);
    }
}
