namespace Beacon.Alerting;

/// <summary>Ceilings on what others write.</summary>
internal static class Text
{
    /// <summary>The text, or its start and "…" in <paramref name="length"/> UTF-16 units, never half a surrogate pair.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = length - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
