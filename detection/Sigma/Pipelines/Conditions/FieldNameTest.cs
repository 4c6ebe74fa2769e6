using System.Collections.Frozen;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>
/// 'include_fields' and 'exclude_fields': the name is, or is not, one of those given, or matched from its start by one of the expressions
/// (mode 're'), or begins with one of the texts (mode 'prefix', which is ours).
/// </summary>
internal sealed class FieldNameTest(FrozenSet<string> names, string[] prefixes, BoundedRegex[] patterns, bool exclude) : IFieldTest
{
    public static FieldNameTest? Read(Arguments arguments, bool exclude)
    {
        var (fields, mode) = (arguments.Texts("fields", required: true), arguments.Choice("mode", "plain", "plain", "re", "prefix"));
        if (fields is null) return null;
        if (mode == "plain") return new FieldNameTest(fields.ToFrozenSet(StringComparer.Ordinal), [], [], exclude);
        if (mode == "prefix") return new FieldNameTest(FrozenSet<string>.Empty, [.. fields], [], exclude);
        var patterns = fields.Select(f => PipelineRegex.Read(arguments, "fields", f)).OfType<BoundedRegex>().ToArray();
        return new FieldNameTest(FrozenSet<string>.Empty, [], patterns, exclude);
    }

    public bool Test(string? field, IReadOnlySet<string> applied, PipelineState state) =>
        (field is not null && (names.Contains(field) || Array.Exists(prefixes, p => field.StartsWith(p, StringComparison.Ordinal)) || Array.Exists(patterns, p => p.MatchesAtStart(field)))) != exclude;
}
