namespace Beacon.Events;

/// <summary>Where a rule matched: which selection, which field, and the characters within its value.</summary>
/// <param name="Selection">The detection item's name in the rule.</param>
/// <param name="Value">The event's value, cut at <see cref="MaxValueLength"/> UTF-16 units.</param>
/// <param name="Start">First matching UTF-16 unit of <paramref name="Value"/>; 0 with length 0 where the whole value counts.</param>
public sealed record MatchedField(string Selection, string Field, string Value, int Start, int Length)
{
    public const int MaxValueLength = 2_048;
}

/// <summary>A rule matched: what every kind of rule (Sigma in stream, scheduled detector) answers with.</summary>
public sealed record Detection
{
    public required DetectionId Id { get; init; }
    public required string RuleId { get; init; }
    public required string RuleTitle { get; init; }
    /// <summary>What the rule looks for, in plain words.</summary>
    public string RuleDescription { get; init; } = "";
    /// <summary>"sigma", or the detector's name ("threshold", "silent-source").</summary>
    public required string RuleKind { get; init; }
    public required Severity Severity { get; init; }
    /// <summary>Tags as Sigma writes them ("attack.t1110.001", "attack.credential-access").</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];
    /// <summary>Known harmless causes, as the rule lists them.</summary>
    public IReadOnlyList<string> FalsePositives { get; init; } = [];
    /// <summary>When what was detected happened, UTC.</summary>
    public required DateTimeOffset Time { get; init; }
    /// <summary>When the frame that completed the detection was received, UTC.</summary>
    public required DateTimeOffset Received { get; init; }
    public required Entity Entity { get; init; }
    /// <summary>Other hosts, users and addresses involved.</summary>
    public IReadOnlyList<Entity> Related { get; init; } = [];
    /// <summary>The event, a copy of its own; null for a detection about absence.</summary>
    public SecurityEvent? Event { get; init; }
    public IReadOnlyList<MatchedField> Matched { get; init; } = [];
    /// <summary>Numbers and names for the reader: "count" → "412", "threshold" → "20".</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
    /// <summary>The numbers to draw, or null.</summary>
    public DetectionChart? Chart { get; init; }
    /// <summary>One sentence about this very detection, or empty: the alert's title is then the rule's.</summary>
    public string Summary { get; init; } = "";
}
