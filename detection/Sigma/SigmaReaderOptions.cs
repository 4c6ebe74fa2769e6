namespace Beacon.Detections.Sigma;

/// <summary>What the installation gives to the reader.</summary>
public sealed record SigmaReaderOptions
{
    public static readonly SigmaReaderOptions Default = new();

    /// <summary>Values of placeholders by name, without the percent signs; values are Sigma strings, wildcards included.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Placeholders { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
