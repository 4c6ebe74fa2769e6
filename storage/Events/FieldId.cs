namespace Beacon.Events;

/// <summary>Index of a field name in <see cref="FieldNames"/>; -1 for a name that nobody declared.</summary>
public readonly record struct FieldId(int Value)
{
    /// <summary>A field whose name stands in the event only.</summary>
    public static readonly FieldId None = new(-1);

    public bool IsKnown => Value >= 0;
    public override string ToString() => IsKnown ? FieldNames.NameOf(this) : "(unnamed)";
}
