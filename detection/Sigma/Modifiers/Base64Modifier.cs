using System.Text;

namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>The field holds the value's Base64 form (RFC 4648, section 4).</summary>
internal sealed class Base64Modifier : ISigmaModifier
{
    public string Name => "base64";

    public void Apply(ModifierChain chain) => chain.Map(value =>
        Bytes(chain, value, Name) is { } bytes ? new PatternValue(SigmaPattern.Literal(Convert.ToBase64String(bytes))) : null);

    /// <summary>The value's bytes: as an encoding before it made them, else UTF-8; null after a report.</summary>
    public static byte[]? Bytes(ModifierChain chain, SigmaValue value, string modifier)
    {
        if (value is BytesValue encoded) return encoded.Bytes;
        return chain.Plain(value, modifier) is { } text ? Encoding.UTF8.GetBytes(text) : null;
    }
}
