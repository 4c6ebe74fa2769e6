using System.Collections.Immutable;

namespace Beacon.Detections.Sigma;

/// <summary>What a search identifier holds.</summary>
internal abstract record SigmaItem;

/// <summary>All parts hold: a map.</summary>
internal sealed record AllItems(ImmutableArray<SigmaItem> Parts) : SigmaItem;

/// <summary>One part holds: a list of maps.</summary>
internal sealed record AnyItem(ImmutableArray<SigmaItem> Parts) : SigmaItem;

/// <summary>A field's values, or keywords where <paramref name="Field"/> is null.</summary>
/// <param name="Field">As the rule names it.</param>
/// <param name="All">Every value must match; else one.</param>
/// <param name="Cased">Case counts.</param>
/// <param name="Negated">The modifier neq: none may match.</param>
internal sealed record FieldItem(string? Field, ImmutableArray<SigmaValue> Values, bool All, bool Cased, bool Negated) : SigmaItem;

/// <summary>A named search identifier.</summary>
internal sealed record SigmaSelection(string Name, SigmaItem Item);

/// <summary>A condition with its names resolved.</summary>
internal abstract record SigmaCondition;

internal sealed record SelectionCondition(SigmaSelection Selection) : SigmaCondition;
internal sealed record NotCondition(SigmaCondition Part) : SigmaCondition;
internal sealed record AndCondition(ImmutableArray<SigmaCondition> Parts) : SigmaCondition;
internal sealed record OrCondition(ImmutableArray<SigmaCondition> Parts) : SigmaCondition;
