using System.Text;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The value in UTF-16: wide and utf16le little-endian, utf16be big-endian, utf16 little-endian behind a byte order mark.</summary>
internal sealed class Utf16Modifier(string name, bool bigEndian, bool mark) : ISigmaModifier
{
    private readonly UnicodeEncoding _encoding = new(bigEndian, byteOrderMark: mark);

    public string Name => name;

    public void Apply(ModifierChain chain) => chain.Map(value =>
        chain.Plain(value, name) is { } text ? new BytesValue([.. _encoding.GetPreamble(), .. _encoding.GetBytes(text)]) : null);
}
