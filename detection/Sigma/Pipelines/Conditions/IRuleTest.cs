using Beacon.Detections.Sigma.Pipelines.Drafts;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>A condition on a whole rule.</summary>
internal interface IRuleTest
{
    bool Test(RuleDraft rule);
}

/// <summary>A condition on one detection item.</summary>
internal interface IItemTest
{
    bool Test(DraftItem item, RuleDraft rule);
}

/// <summary>A condition on a field's name, in a detection item or elsewhere.</summary>
internal interface IFieldTest
{
    /// <param name="field">Null for keywords.</param>
    /// <param name="applied">Ids of the transformations that changed the item, or the name.</param>
    bool Test(string? field, IReadOnlySet<string> applied, PipelineState state);
}
