using Beacon.Collectors.Parsers.Pam;
using Beacon.Events;

namespace Beacon.Collectors.Parsers.Sudo;

/// <summary>Messages of sudo: "USER : [reason ;] TTY=… ; PWD=… ; USER=… ; COMMAND=…". The command is the last value and may hold anything.</summary>
internal sealed class SudoMessage : IMessageParser
{
    private static readonly FieldId Terminal = FieldNames.Intern("process.tty.name");
    private static readonly FieldId Group = FieldNames.Intern("group.name");

    public IReadOnlyList<string> Programs => ["sudo"];

    public bool ParseMessage(ReadOnlySpan<byte> message, SecurityEvent into)
    {
        into.TryAdd(Field.HostOsType, "linux");
        if (PamMessage.TryParse(message, into, "sudo", "sudo.command")) return true;
        EventMarks.Module(into, "sudo", "sudo.command");
        var rest = Text.TrimSpaces(message);
        var colon = rest.IndexOf(" : "u8);
        if (colon <= 0 || rest[..colon].IndexOf((byte)' ') >= 0) return true;
        into.Add(Field.UserName, rest[..colon]);
        rest = rest[(colon + 3)..];
        ReadOnlySpan<byte> reason = default;
        while (!rest.IsEmpty)
        {
            if (Text.TrySkip(ref rest, "COMMAND="u8))
            {
                AddCommand(rest, into);
                break;
            }
            if (!Text.TryCut(ref rest, " ; "u8, out var part))
            {
                part = rest;
                rest = default;
            }
            if (!AddPart(part, into) && reason.IsEmpty) reason = part;
        }
        into.Add(Field.EventCategory, "process"u8);
        into.Add(Field.EventType, "start"u8);
        into.Add(Field.EventAction, "sudo_command"u8);
        into.Add(Field.EventOutcome, reason.IsEmpty ? "success"u8 : "failure"u8);
        if (!reason.IsEmpty) into.Add(Field.EventReason, reason);
        return true;
    }

    private static bool AddPart(ReadOnlySpan<byte> part, SecurityEvent into)
    {
        if (Text.TrySkip(ref part, "TTY="u8)) into.Add(Terminal, part);
        else if (Text.TrySkip(ref part, "PWD="u8)) into.Add(Field.ProcessWorkingDirectory, part);
        else if (Text.TrySkip(ref part, "USER="u8)) into.Add(Field.UserEffectiveName, part);
        else if (Text.TrySkip(ref part, "GROUP="u8)) into.Add(Group, part);
        else return part.StartsWith("TSID="u8) || part.StartsWith("ENV="u8) || part.StartsWith("CHROOT="u8) || part.StartsWith("HOST="u8);
        return true;
    }

    private static void AddCommand(ReadOnlySpan<byte> command, SecurityEvent into)
    {
        into.Add(Field.ProcessCommandLine, command);
        var i = into.Count - 1;
        var space = command.IndexOf((byte)' ');
        var program = space < 0 ? command : command[..space];
        if (program.IsEmpty || program[0] != '/') return;
        into.AddSlice(Field.ProcessExecutable, i, 0, program.Length);
        var slash = program.LastIndexOf((byte)'/') + 1;
        // The syslog header calls the process sudo; what was started is the command.
        into.Remove(Field.ProcessName);
        into.Add(Field.ProcessName, program[slash..]);
    }
}
