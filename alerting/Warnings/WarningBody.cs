using Beacon.Events;

namespace Beacon.Alerting.Warnings;

/// <summary>The part of a warning that lists do not need, kept as one JSON document.</summary>
internal sealed record WarningBody
{
    public string WhatHappened { get; init; } = "";
    public AssetImportance Importance { get; init; }
    public DamageGrade Damage { get; init; }
    public string DamageReason { get; init; } = "";
    public int MatrixVersion { get; init; }
    public IReadOnlyList<WarningAsset> Assets { get; init; } = [];
    public IReadOnlyList<string> Sectors { get; init; } = [];
    public IReadOnlyList<string> Organisations { get; init; } = [];
    public IReadOnlyList<string> Stages { get; init; } = [];
    public IReadOnlyList<long> AlertIds { get; init; } = [];
    public IReadOnlyList<WarningAdvice> Advice { get; init; } = [];
    // What follows came later: bodies that were written before have none of it.
    /// <summary>The level that grading gave; null in old bodies, where it is the cell's.</summary>
    public WarningLevel? Graded { get; init; }
    public string? Authority { get; init; }
    public IReadOnlyList<StageOutlook>? Outlook { get; init; }
    public IReadOnlyList<ExposedAsset>? Exposed { get; init; }
    /// <summary>A person chose the category: grading keeps it.</summary>
    public bool CategoryByHand { get; init; }
    /// <summary>A person chose the playbook: grading keeps it.</summary>
    public bool PlaybookByHand { get; init; }
}

/// <summary>The matrix as its file and its table have it.</summary>
internal sealed record MatrixDocument(IReadOnlyList<MatrixCell> Cells, IReadOnlyList<LevelPolicy> Policies, SpreadRule? Spread = null);

/// <summary>data/advice.json: what to do, by technique or tactic.</summary>
internal sealed record AdviceDocument(IReadOnlyList<AdviceEntry> Advice);

/// <param name="For">ATT&amp;CK ids ("T1110", "T0855") or tactics ("credential-access").</param>
internal sealed record AdviceEntry(IReadOnlyList<string> For, string Text);
