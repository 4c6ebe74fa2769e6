using Beacon.Collectors.Parsers.Pam;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Sshd;

/// <summary>
/// Messages of OpenSSH's server. A user's name comes from the peer and may hold anything, " from 10.0.0.1 port 22" too: the last such
/// phrase is sshd's own.
/// </summary>
internal sealed class SshdMessage : IMessageParser
{
    private static readonly FieldId Method = FieldNames.Intern("sshd.method");
    private static readonly FieldId Signature = FieldNames.Intern("sshd.signature");

    public IReadOnlyList<string> Programs => ["sshd", "sshd-session", "sshd-auth"];

    public bool ParseMessage(ReadOnlySpan<byte> message, SecurityEvent into)
    {
        EventMarks.Module(into, "sshd", "sshd.auth");
        into.TryAdd(Field.HostOsType, "linux");
        if (PamMessage.TryParse(message, into, "sshd", "sshd.auth")) return true;
        // rsyslog folds repetitions into one line.
        if (Text.TrySkip(ref message, "message repeated "u8) && Text.TryCut(ref message, "[ "u8, out _)) message = message.TrimEnd((byte)']');
        Text.TrySkip(ref message, "error: "u8);
        Text.TrySkip(ref message, "fatal: "u8);
        if (message.EndsWith(" [preauth]"u8)) message = message[..^10];
        Read(message, into);
        return true;
    }

    private static void Read(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        if (Text.TrySkip(ref m, "Accepted "u8)) Login(m, into, true);
        else if (Text.TrySkip(ref m, "Failed "u8)) Login(m, into, false);
        else if (Text.TrySkip(ref m, "Postponed "u8)) Login(m, into, null);
        else if (Text.TrySkip(ref m, "Invalid user "u8) || Text.TrySkip(ref m, "Illegal user "u8)) Refused(m, into, "invalid user"u8);
        else if (Text.TrySkip(ref m, "input_userauth_request: invalid user "u8)) RefusedUser(m, into);
        else if (Text.TrySkip(ref m, "maximum authentication attempts exceeded for "u8)) Refused(m, into, "maximum authentication attempts exceeded"u8);
        else if (Text.TrySkip(ref m, "PAM: "u8)) PamFailure(m, into);
        else if (Text.TrySkip(ref m, "User "u8)) NotAllowed(m, into);
        else if (Text.TrySkip(ref m, "Connection closed by "u8) || Text.TrySkip(ref m, "Connection reset by "u8) || Text.TrySkip(ref m, "Disconnected from "u8)) Ended(m, into);
        else if (Text.TrySkip(ref m, "Received disconnect from "u8)) Ended(m, into);
        else if (Text.TrySkip(ref m, "Disconnecting "u8)) Disconnecting(m, into);
        else if (Text.TrySkip(ref m, "Connection from "u8)) Connected(m, into);
        else if (Text.TrySkip(ref m, "Did not receive identification string from "u8)) Probe(m, into, "no identification string"u8);
        else if (m.StartsWith("Bad protocol version identification "u8)) ProbeFrom(m, into, "bad protocol version"u8);
        else if (Text.TrySkip(ref m, "Unable to negotiate with "u8)) Probe(m, into, "no matching algorithm"u8);
        else if (m.StartsWith("reverse mapping checking getaddrinfo"u8) || m.StartsWith("Address "u8)) ReverseMapping(m, into);
        else if (Text.TrySkip(ref m, "Starting session: "u8)) Session(m, into);
        else if (Text.TrySkip(ref m, "subsystem request for "u8)) Subsystem(m, into);
        else if (m.StartsWith("Server listening on "u8)) Server(into, "server_listening"u8);
        else if (m.StartsWith("Received signal "u8)) Server(into, "server_terminating"u8);
    }

    /// <summary>"password for [invalid user ]NAME from ADDRESS port N ssh2[: KEY]".</summary>
    private static void Login(ReadOnlySpan<byte> m, SecurityEvent into, bool? success)
    {
        if (!Text.TryCut(ref m, " for "u8, out var method)) return;
        var invalid = Text.TrySkip(ref m, "invalid user "u8) || Text.TrySkip(ref m, "illegal user "u8);
        if (!TryFrom(m, out var user, out var address, out var tail)) return;
        if (success is { } known) EventMarks.Authentication(into, "ssh_login"u8, known);
        else
        {
            into.Add(Field.EventCategory, "authentication"u8);
            into.Add(Field.EventType, "info"u8);
            into.Add(Field.EventAction, "ssh_login_postponed"u8);
        }
        if (invalid) into.Add(Field.EventReason, "invalid user"u8);
        into.Add(Method, method);
        into.Add(Field.UserName, user);
        Peer(into, address, tail);
        var key = tail.IndexOf(": "u8);
        if (key >= 0) into.Add(Signature, tail[(key + 2)..]);
    }

    private static void Refused(ReadOnlySpan<byte> m, SecurityEvent into, ReadOnlySpan<byte> reason)
    {
        Text.TrySkip(ref m, "invalid user "u8);
        EventMarks.Authentication(into, "ssh_login"u8, success: false);
        into.Add(Field.EventReason, reason);
        if (!TryFrom(m, out var user, out var address, out var tail))
        {
            into.Add(Field.UserName, m);
            return;
        }
        into.Add(Field.UserName, user);
        Peer(into, address, tail);
    }

    private static void RefusedUser(ReadOnlySpan<byte> user, SecurityEvent into)
    {
        EventMarks.Authentication(into, "ssh_login"u8, success: false);
        into.Add(Field.EventReason, "invalid user"u8);
        into.Add(Field.UserName, user);
    }

    /// <summary>"Authentication failure for [illegal user ]NAME from HOST".</summary>
    private static void PamFailure(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        if (!Text.TryCut(ref m, " for "u8, out var what)) return;
        Text.TrySkip(ref m, "illegal user "u8);
        EventMarks.Authentication(into, "ssh_login"u8, success: false);
        into.Add(Field.EventReason, what);
        if (!TryFrom(m, out var user, out var address, out var tail)) return;
        into.Add(Field.UserName, user);
        Peer(into, address, tail);
    }

    /// <summary>"NAME from HOST not allowed because …".</summary>
    private static void NotAllowed(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        var because = m.LastIndexOf(" not allowed because "u8);
        if (because < 0) return;
        EventMarks.Authentication(into, "ssh_login"u8, success: false);
        into.Add(Field.EventReason, m[(because + 21)..]);
        if (TryFrom(m[..because], out var user, out var address, out var tail))
        {
            into.Add(Field.UserName, user);
            Peer(into, address, tail);
        }
        else into.Add(Field.UserName, m[..because]);
    }

    /// <summary>"[authenticating |invalid ]user NAME ADDRESS port N", or the address alone.</summary>
    private static void Ended(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        into.Add(Field.EventCategory, "network"u8);
        into.Add(Field.EventType, "connection"u8);
        into.Add(Field.EventType, "end"u8);
        into.Add(Field.EventAction, "ssh_disconnect"u8);
        UserAndPeer(m, into);
    }

    private static void Disconnecting(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        var reason = m.LastIndexOf(": "u8);
        var tooMany = m.IndexOf("Too many authentication failures"u8) >= 0;
        if (tooMany) EventMarks.Authentication(into, "ssh_login"u8, success: false);
        else
        {
            into.Add(Field.EventCategory, "network"u8);
            into.Add(Field.EventType, "end"u8);
            into.Add(Field.EventAction, "ssh_disconnect"u8);
        }
        if (reason >= 0) into.Add(Field.EventReason, m[(reason + 2)..]);
        UserAndPeer(reason < 0 ? m : m[..reason], into);
    }

    private static void UserAndPeer(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        if (Text.TrySkip(ref m, "authenticating user "u8) || Text.TrySkip(ref m, "invalid user "u8) || Text.TrySkip(ref m, "user "u8))
        {
            // The name may hold spaces: the address is the word before the last " port ".
            var port = m.LastIndexOf(" port "u8);
            var end = port < 0 ? m.Length : port;
            var space = m[..end].LastIndexOf((byte)' ');
            if (space < 0) return;
            into.Add(Field.UserName, m[..space]);
            m = m[(space + 1)..];
        }
        var address = Text.Word(ref m);
        // Old versions write "1.2.3.4: 11: Bye Bye".
        Peer(into, address.TrimEnd((byte)':'), m);
    }

    private static void Connected(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        into.Add(Field.EventCategory, "network"u8);
        into.Add(Field.EventType, "connection"u8);
        into.Add(Field.EventType, "start"u8);
        into.Add(Field.EventAction, "ssh_connect"u8);
        var address = Text.Word(ref m);
        Peer(into, address, m);
        var on = m.IndexOf("on "u8);
        if (on < 0) return;
        var here = m[(on + 3)..];
        var local = Text.Word(ref here);
        if (Text.IsIp(local)) into.Add(Field.DestinationIp, local);
        if (Text.TrySkip(ref here, "port "u8)) EventMarks.Port(into, Field.DestinationPort, Text.Word(ref here));
    }

    private static void Probe(ReadOnlySpan<byte> m, SecurityEvent into, ReadOnlySpan<byte> reason)
    {
        into.Add(Field.EventCategory, "network"u8);
        into.Add(Field.EventType, "connection"u8);
        into.Add(Field.EventType, "denied"u8);
        into.Add(Field.EventAction, "ssh_probe"u8);
        into.Add(Field.EventOutcome, "failure"u8);
        into.Add(Field.EventReason, reason);
        var address = Text.Word(ref m);
        Peer(into, address.TrimEnd((byte)':'), m);
    }

    private static void ProbeFrom(ReadOnlySpan<byte> m, SecurityEvent into, ReadOnlySpan<byte> reason)
    {
        var from = m.LastIndexOf(" from "u8);
        if (from >= 0) Probe(m[(from + 6)..], into, reason);
    }

    /// <summary>"reverse mapping checking getaddrinfo for NAME [ADDRESS] failed …" and "Address A maps to NAME, but …".</summary>
    private static void ReverseMapping(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        into.Add(Field.EventCategory, "network"u8);
        into.Add(Field.EventType, "info"u8);
        into.Add(Field.EventAction, "ssh_reverse_mapping_failed"u8);
        if (Text.TrySkip(ref m, "Address "u8))
        {
            Peer(into, Text.Word(ref m), default);
            return;
        }
        if (Text.TryCut(ref m, (byte)'[', out _) && Text.TryCut(ref m, (byte)']', out var address)) Peer(into, address, default);
    }

    private static void Session(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        into.Add(Field.EventCategory, "session"u8);
        into.Add(Field.EventType, "start"u8);
        into.Add(Field.EventAction, "ssh_session"u8);
        var start = m.LastIndexOf(" for "u8);
        if (start < 0 || !TryFrom(m[(start + 5)..], out var user, out var address, out var tail)) return;
        into.Add(Field.UserName, user);
        Peer(into, address, tail);
    }

    private static void Subsystem(ReadOnlySpan<byte> m, SecurityEvent into)
    {
        into.Add(Field.EventCategory, "session"u8);
        into.Add(Field.EventType, "info"u8);
        into.Add(Field.EventAction, "ssh_subsystem"u8);
        if (Text.TryCut(ref m, " by user "u8, out _)) into.Add(Field.UserName, Text.Word(ref m));
    }

    private static void Server(SecurityEvent into, ReadOnlySpan<byte> action)
    {
        into.Add(Field.EventCategory, "process"u8);
        into.Add(Field.EventType, "info"u8);
        into.Add(Field.EventAction, action);
    }

    private static bool TryFrom(ReadOnlySpan<byte> m, out ReadOnlySpan<byte> user, out ReadOnlySpan<byte> address, out ReadOnlySpan<byte> tail)
    {
        var from = m.LastIndexOf(" from "u8);
        user = from < 0 ? default : m[..from];
        tail = from < 0 ? default : m[(from + 6)..];
        address = Text.Word(ref tail);
        return from >= 0;
    }

    private static void Peer(SecurityEvent into, ReadOnlySpan<byte> address, ReadOnlySpan<byte> tail)
    {
        // "port 22:11: …" and "port 22 ssh2".
        EventMarks.Source(into, address);
        if (!Text.TrySkip(ref tail, "port "u8)) return;
        var port = Text.Word(ref tail);
        var colon = port.IndexOf((byte)':');
        EventMarks.Port(into, Field.SourcePort, colon < 0 ? port : port[..colon]);
    }
}
