namespace Beacon.Events;

/// <summary>One value of a <see cref="SecurityEvent"/>: where its text stands in the event's buffer, and whose it is.</summary>
/// <param name="FieldId">Index of its field's name, or -1 where the name stands in the buffer.</param>
/// <param name="Offset">First byte of the value.</param>
/// <param name="Length">Bytes of the value.</param>
public readonly record struct EventValue(int FieldId, int NameOffset, ushort NameLength, int Offset, int Length, ValueKind Kind);
