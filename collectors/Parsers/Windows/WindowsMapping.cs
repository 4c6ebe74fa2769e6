using Beacon.Events;

namespace Beacon.Collectors.Parsers.Windows;

/// <summary>How an event data value becomes an ECS field.</summary>
internal enum WindowsCopy : byte
{
    AsIs,
    /// <summary>"-" and the empty text stand for nothing.</summary>
    UnlessDash,
    /// <summary>A path: its last part becomes a second field.</summary>
    Path,
    /// <summary>A number, decimal or as 0x….</summary>
    Number,
    Ip,
    /// <summary>"DOMAIN\user".</summary>
    Account,
    /// <summary>"MD5=…,SHA256=…".</summary>
    Hashes,
    LowerCase,
}

/// <param name="Second">The last part of a path, or the domain of an account; <see cref="FieldId.None"/> for neither.</param>
internal readonly record struct WindowsTarget(FieldId Field, WindowsCopy Copy, FieldId Second);

/// <summary>What one kind of Windows event means in ECS.</summary>
/// <param name="Outcome">"success", "failure", or empty.</param>
/// <param name="PlaceOf">By the index of an event data field: 1 + the place of its target, or 0.</param>
internal sealed record WindowsMapping(FieldText[] Category, FieldText[] Type, FieldText Action, FieldText Outcome, WindowsTarget[] Targets, byte[] PlaceOf);

/// <summary>A text that events are given, in the form they hold it.</summary>
internal readonly record struct FieldText(byte[] Utf8)
{
    public static FieldText Of(string text) => new(System.Text.Encoding.UTF8.GetBytes(text));
}
