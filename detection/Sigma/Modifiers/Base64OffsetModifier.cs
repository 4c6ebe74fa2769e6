namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>
/// The field holds, somewhere in a Base64 text, the value: three forms for the three places where it may begin within a group of
/// three bytes, without the characters that its neighbours decide.
/// </summary>
internal sealed class Base64OffsetModifier : ISigmaModifier
{
    private static readonly int[] CutStart = [0, 2, 3];
    private static readonly int[] CutEnd = [0, 3, 2];

    public string Name => "base64offset";

    public void Apply(ModifierChain chain) => chain.Expand(value =>
        Base64Modifier.Bytes(chain, value, Name) is { } bytes
            ? Enumerable.Range(0, 3).Select(offset => new PatternValue(SigmaPattern.Literal(Encode(bytes, offset)))).Where(static v => v.Pattern.Parts.Length > 0)
            : []);

    private static string Encode(byte[] bytes, int offset)
    {
        var shifted = new byte[offset + bytes.Length];
        bytes.CopyTo(shifted, offset);
        var text = Convert.ToBase64String(shifted);
        var end = text.Length - CutEnd[shifted.Length % 3];
        return end <= CutStart[offset] ? "" : text[CutStart[offset]..end];
    }
}
