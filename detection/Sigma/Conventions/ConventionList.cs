namespace Beacon.Detections.Sigma.Conventions;

/// <summary>The only list of conventions.</summary>
internal static class ConventionList
{
    public static IReadOnlyList<Convention> All { get; } =
    [
        new IdVersionConvention(),
        new IdUniqueConvention(),
        new TitleLengthConvention(),
        new TitleCaseConvention(),
        new TitleEndConvention(),
        new TitleUniqueConvention(),
        new StatusConvention(),
        new DescriptionMissingConvention(),
        new DescriptionLengthConvention(),
        new AuthorConvention(),
        new DateMissingConvention(),
        new DateFormConvention(),
        new DateOrderConvention(),
        new TagsMissingConvention(),
        new TagDuplicateConvention(),
        new TagNamespaceConvention(),
        new TagAttackConvention(),
        new TagAttackCurrentConvention(),
        new TagCarConvention(),
        new TagCveConvention(),
        new TagD3fendConvention(),
        new TagDetectionConvention(),
        new TagStpConvention(),
        new TagTlpConvention(),
        new FalsePositivesMissingConvention(),
        new FalsePositivesWordConvention(),
        new ReferenceConvention(),
        new LogSourceConvention(),
        new SelectionUnusedConvention(),
        new SingleOfConvention(),
        new WildcardEndsConvention(),
        new AllSingleConvention(),
        new RegexNeedlessConvention(),
        new LogicUniqueConvention(),
        new FileNameConvention(),
    ];
}
