using Beacon.Events;

namespace Beacon.Web.Surroundings;

/// <summary>What one event says of its process and of the process that started it.</summary>
internal sealed record ProcessSight(string Host, ProcessKey? Key, ProcessKey? Parent, string Name, string Executable, string CommandLine, string User, string ParentName, string ParentExecutable, string ParentCommandLine, bool IsStart, DateTimeOffset Time, SecurityEventId Id)
{
    /// <summary>Null where the event names no process or no host.</summary>
    public static ProcessSight? Of(SecurityEvent e)
    {
        var host = e.GetText(Field.HostName);
        var (name, executable) = (Text(e, "process.name"), Text(e, "process.executable"));
        if (host is null || (name.Length == 0 && executable.Length == 0)) return null;
        var (parentName, parentExecutable) = (Text(e, "process.parent.name"), Text(e, "process.parent.executable"));
        return new ProcessSight(
            host, ProcessKey.Of(Text(e, "process.entity_id"), Text(e, "process.pid"), Base(executable, name)), ProcessKey.Of(Text(e, "process.parent.entity_id"), Text(e, "process.parent.pid"), Base(parentExecutable, parentName)),
            Base(executable, name), executable, Text(e, "process.command_line"), Text(e, "user.name"), Base(parentExecutable, parentName), parentExecutable, Text(e, "process.parent.command_line"),
            Has(e, "event.category", "process") && Has(e, "event.type", "start"), e.Timestamp, e.Id);
    }

    private static string Text(SecurityEvent e, string field) => e.GetText(field) ?? "";

    private static bool Has(SecurityEvent e, string field, string value)
    {
        for (var i = 0; i < e.Count; i++)
            if (System.Text.Encoding.UTF8.GetString(e.NameAt(i)) == field && string.Equals(e.TextAt(i), value, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static string Base(string executable, string name) => executable.Length == 0 ? name : executable[(executable.LastIndexOfAny(['\\', '/']) + 1)..];
}

/// <summary>How a process is known again on its host: by the id that its sensor gave it, else by its number and name, since numbers come round.</summary>
internal sealed record ProcessKey(string EntityId, string Pid, string Name)
{
    public static ProcessKey? Of(string entityId, string pid, string name) => entityId.Length == 0 && (pid.Length == 0 || name.Length == 0) ? null : new ProcessKey(entityId, pid, name);

    /// <summary>Events of this process, or of those that it started.</summary>
    public EventFilter Filter(bool asParent)
    {
        var at = asParent ? "process.parent." : "process.";
        return EntityId.Length > 0 ? EventFilter.Equal(at + "entity_id", EntityId)
            : EventFilter.And(EventFilter.Equal(at + "pid", Pid), new OrFilter([EventFilter.Equal(at + "name", Name), new FieldFilter(at + "executable", FieldTest.EndsWith, "\\" + Name), new FieldFilter(at + "executable", FieldTest.EndsWith, "/" + Name)]));
    }

    public bool Same(ProcessKey? other) => other is not null && (EntityId.Length > 0 || other.EntityId.Length > 0
        ? string.Equals(EntityId, other.EntityId, StringComparison.OrdinalIgnoreCase)
        : Pid == other.Pid && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase));
}
