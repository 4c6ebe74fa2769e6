using Beacon.Detections.Sigma.Correlations;
using Beacon.Events;

namespace Beacon.Detections.Correlation;

/// <summary>A correlation of a <see cref="CorrelationSet"/>.</summary>
public sealed class CompiledCorrelation
{
    internal CompiledCorrelation(SigmaCorrelation rule) => Rule = rule;

    public SigmaCorrelation Rule { get; }

    /// <summary>The rule's, or where it gives none the highest of those it joins.</summary>
    public Severity Level { get; internal set; }

    /// <summary>Why it can match nothing: a rule that it joins is unknown, blind or switched off, or a field is fed by nothing. Null for one that sees.</summary>
    public Phrase? BlindReason { get; internal set; }

    internal int Index { get; set; } = -1;
    /// <summary>Higher than those of the correlations below it.</summary>
    internal int Rank { get; set; }
    internal bool IsOn { get; set; } = true;
    /// <summary>Fields that correlations above ask for and that are not in its group-by.</summary>
    internal List<string> Carried { get; } = [];
    /// <summary>The correlations above it, with how they read its hits.</summary>
    internal List<HitLink> Above { get; } = [];
    /// <summary>Same for as long as what is remembered of it stays meaningful.</summary>
    internal string StateKey { get; set; } = "";
}

/// <summary>How a correlation reads the events of one of its rules.</summary>
internal sealed record EventLink(CompiledCorrelation Correlation, int Rule, EventField[] GroupBy, EventField[] Fields, EventField[] Carried);

/// <summary>How a correlation reads the hits of one below it.</summary>
internal sealed record HitLink(CompiledCorrelation Correlation, int Rule, HitField[] GroupBy, HitField[] Fields, HitField[] Carried);

/// <summary>A value of a hit: of its group, or of what it carries.</summary>
internal readonly record struct HitField(bool IsGroup, int Index)
{
    public string? Of(CorrelationHit hit) => IsGroup ? hit.Group[Index].Value : hit.Carried?[Index];
}
