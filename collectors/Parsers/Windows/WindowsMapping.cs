using System.Collections.Frozen;
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
/// <param name="Targets">By the id of the event data field.</param>
internal sealed record WindowsMapping(string[] Category, string[] Type, string Action, string Outcome, FrozenDictionary<int, WindowsTarget> Targets);
