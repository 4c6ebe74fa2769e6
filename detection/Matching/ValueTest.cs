namespace Beacon.Detections.Matching;

/// <summary>A test of one value of an event.</summary>
internal abstract class ValueTest
{
    public abstract bool Test(EventView view, int entry);

    /// <summary>Tests the event's own time, given as ISO 8601 text.</summary>
    public virtual bool TestTime(ReadOnlySpan<byte> time, DateTimeOffset instant) => false;

    /// <summary>What must stand in a value for it to pass, or null where nothing is certain.</summary>
    public virtual Needle? Needle => null;

    /// <summary>It passes exactly where its <see cref="Needle"/> stands in the folded value.</summary>
    public virtual bool IsNeedle => false;

    /// <summary>What a test takes, in rough tens of nanoseconds.</summary>
    public virtual int Effort => 3;

    /// <summary>Which UTF-16 units of a passing value made it pass; (0, 0) where the whole value counts.</summary>
    public virtual (int Start, int Length) Locate(string value) => (0, 0);
}

/// <summary>Text, folded, that must stand in a value.</summary>
/// <param name="AtStart">At its start.</param>
/// <param name="AtEnd">At its end; with both, it is the whole value.</param>
internal sealed record Needle(byte[] Text, bool AtStart, bool AtEnd)
{
    public bool IsWhole => AtStart && AtEnd;
}

internal sealed class NeedleComparer : IEqualityComparer<Needle>
{
    public static readonly NeedleComparer Instance = new();

    public bool Equals(Needle? x, Needle? y) => x!.AtStart == y!.AtStart && x.AtEnd == y.AtEnd && x.Text.AsSpan().SequenceEqual(y.Text);
    public int GetHashCode(Needle needle) => (int)ByteHash.Of(needle.Text) ^ (needle.AtStart ? 1 : 0) ^ (needle.AtEnd ? 2 : 0);
}
