using Beacon.Events;

namespace Beacon.Collectors.Parsers.Evtx;

/// <summary>Which part of an event a piece of binary XML stands in.</summary>
internal enum EvtxContext : byte
{
    Document,
    Event,
    System,
    EventData,
    /// <summary>UserData, at any depth: leaves count by their own name.</summary>
    UserData,
    Rendering,
    Ignored,
}

internal enum EvtxRole : byte
{
    /// <summary>A value of System: left out where it is absent.</summary>
    System,
    /// <summary>TimeCreated: also the event's timestamp.</summary>
    Time,
    /// <summary>A value of EventData or UserData: kept also where it is empty.</summary>
    Data,
    /// <summary>Only a place into which a fragment may be substituted.</summary>
    Fragment,
}

/// <summary>A literal, or the number of a substitution.</summary>
internal readonly record struct EvtxPiece(string? Literal, int Substitution);

/// <summary>One value that a template gives.</summary>
/// <param name="Name">The field's name in UTF-8; null where <paramref name="NamePieces"/> give it.</param>
/// <param name="Context">Where a fragment substituted here stands.</param>
internal sealed record EvtxSlot(EvtxRole Role, FieldId Field, byte[]? Name, EvtxPiece[] Pieces, EvtxPiece[]? NamePieces, EvtxContext Context);

/// <summary>A template made ready: the values it gives, in the order of the document.</summary>
internal sealed record EvtxPlan(EvtxSlot[] Slots, Phrase? Fault)
{
    public static EvtxPlan Bad(Phrase fault) => new([], fault);
}
