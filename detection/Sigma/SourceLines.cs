namespace Beacon.Detections.Sigma;

/// <summary>Cuts a document's text out of its file.</summary>
internal sealed class SourceLines(string text)
{
    private readonly List<int> _starts = Starts(text);

    /// <summary>Lines from <paramref name="first"/> to <paramref name="last"/>, counted from 1, without the separators of documents.</summary>
    public string Slice(int first, int last)
    {
        var from = _starts[Math.Clamp(first - 1, 0, _starts.Count - 1)];
        var to = last >= _starts.Count ? text.Length : _starts[last];
        var slice = text.AsSpan(from, to - from).Trim();
        if (slice.StartsWith("---")) slice = slice[3..].TrimStart();
        if (slice.EndsWith("\n---")) slice = slice[..^4].TrimEnd();
        return slice.ToString();
    }

    private static List<int> Starts(string text)
    {
        List<int> starts = [0];
        for (var i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1)) starts.Add(i + 1);
        return starts;
    }
}
