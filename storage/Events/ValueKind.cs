namespace Beacon.Events;

/// <summary>What a field's text stands for. The text is always there; the kind says how JSON wrote it.</summary>
public enum ValueKind : byte
{
    Text,
    /// <summary>A whole or decimal number, its text as JSON has it.</summary>
    Number,
    Boolean,
    /// <summary>The field is present and has no value; its text is empty.</summary>
    Null,
}
