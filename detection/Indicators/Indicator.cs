namespace Beacon.Detections.Indicators;

/// <summary>What an indicator's value is, and so where it is looked for.</summary>
internal enum IndicatorKind
{
    /// <summary>An IP address or a network.</summary>
    Address,
    /// <summary>A domain name and what lies below it.</summary>
    Domain,
    /// <summary>A whole URL.</summary>
    Url,
    /// <summary>MD5, SHA-1 or SHA-256 of a file.</summary>
    Hash,
}

/// <summary>Something to look for in events.</summary>
/// <param name="Value">In one form: lower case, networks as prefix, names without a dot at the end.</param>
/// <param name="Name">What it stands for, as its source says it, or empty.</param>
/// <param name="Reference">Its id in the source, or empty.</param>
/// <param name="ValidUntil">Events from then on are not compared with it; null for ever.</param>
internal sealed record Indicator(IndicatorKind Kind, string Value, string Name, string Reference, DateTimeOffset? ValidUntil)
{
    public const int MaxText = 500;

    /// <summary>The file it came from.</summary>
    public string Source { get; init; } = "";

    /// <summary>When this installation learned of it.</summary>
    public DateTimeOffset Added { get; init; }
}

/// <param name="Place">Line of a CSV file, or the object's id.</param>
internal sealed record IndicatorFault(string Place, string Message);

/// <summary>What a file holds.</summary>
internal sealed record IndicatorDocument(IReadOnlyList<Indicator> Indicators, IReadOnlyList<IndicatorFault> Faults);
