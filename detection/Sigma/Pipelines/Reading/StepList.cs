using System.Collections.Frozen;
using Beacon.Detections.Sigma.Pipelines.Conditions;
using Beacon.Detections.Sigma.Pipelines.Transformations;
using Beacon.Events;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>All transformations and conditions by the names that pySigma gives them: the lists to add a new one to.</summary>
internal static class StepList
{
    public static readonly FrozenDictionary<string, Func<Arguments, ITransformation?>> Transformations = new Dictionary<string, Func<Arguments, ITransformation?>>
    {
        ["field_name_mapping"] = FieldNameMapping.Read,
        ["field_name_prefix_mapping"] = FieldNamePrefixMapping.Read,
        ["field_name_prefix"] = FieldNameAffix.ReadPrefix,
        ["field_name_suffix"] = FieldNameAffix.ReadSuffix,
        ["field_name_transform"] = FieldNameTransform.Read,
        ["drop_detection_item"] = DropDetectionItem.Read,
        ["hashes_fields"] = HashesFields.Read,
        ["wildcard_placeholders"] = static a => PlaceholderTransformation.Read(a, wildcards: true),
        ["value_placeholders"] = static a => PlaceholderTransformation.Read(a, wildcards: false),
        ["add_condition"] = AddCondition.Read,
        ["change_logsource"] = ChangeLogSource.Read,
        ["add_field"] = static a => OutputFields.Read(a, "field"),
        ["remove_field"] = static a => OutputFields.Read(a, "field"),
        ["set_field"] = static a => OutputFields.Read(a, "fields"),
        ["replace_string"] = ReplaceString.Read,
        ["map_string"] = MapString.Read,
        ["regex"] = RegexTransformation.Read,
        ["case"] = CaseTransformation.Read,
        ["set_value"] = SetValue.Read,
        ["convert_type"] = ConvertType.Read,
        ["set_state"] = SetState.Read,
        ["set_custom_attribute"] = SetCustomAttribute.Read,
        ["rule_failure"] = RuleFailure.Read,
        ["detection_item_failure"] = DetectionItemFailure.Read,
        ["strict_field_mapping_failure"] = StrictFieldMappingFailure.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What pySigma has and an engine cannot run, with what to do instead.</summary>
    public static readonly FrozenDictionary<string, Phrase> Refused = new Dictionary<string, Phrase>
    {
        ["query_expression_placeholders"] = "there is no query to put an expression into: give the values in 'vars', and use value_placeholders",
        ["file_placeholders"] = "pipelines read no other files: give the values in 'vars', and use value_placeholders",
        ["http_placeholders"] = "pipelines open no connections: give the values in 'vars', and use value_placeholders",
        ["command_placeholders"] = "pipelines run no commands: give the values in 'vars', and use value_placeholders",
        ["extract_fields"] = "write the fields that a value stands for as a mapping or a rule of their own",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, Func<Arguments, IRuleTest?>> RuleTests = new Dictionary<string, Func<Arguments, IRuleTest?>>
    {
        ["logsource"] = LogSourceTest.Read,
        ["contains_detection_item"] = ContainsItemTest.Read,
        ["contains_field"] = ContainsFieldTest.Read,
        ["contains_wildcard"] = RuleWildcardTest.Read,
        ["is_sigma_rule"] = static _ => new KindTest(true),
        ["is_sigma_correlation_rule"] = static _ => new KindTest(false),
        ["rule_attribute"] = RuleAttributeTest.Read,
        ["tag"] = TagTest.Read,
        ["processing_item_applied"] = AppliedTest.Read,
        ["processing_state"] = StateTest.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, Func<Arguments, IItemTest?>> ItemTests = new Dictionary<string, Func<Arguments, IItemTest?>>
    {
        ["match_string"] = MatchStringTest.Read,
        ["match_value"] = MatchValueTest.Read,
        ["contains_wildcard"] = WildcardTest.Read,
        ["is_null"] = NullTest.Read,
        ["processing_item_applied"] = AppliedTest.Read,
        ["processing_state"] = StateTest.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly FrozenDictionary<string, Func<Arguments, IFieldTest?>> FieldTests = new Dictionary<string, Func<Arguments, IFieldTest?>>
    {
        ["include_fields"] = static a => FieldNameTest.Read(a, exclude: false),
        ["exclude_fields"] = static a => FieldNameTest.Read(a, exclude: true),
        ["processing_item_applied"] = AppliedTest.Read,
        ["processing_state"] = StateTest.Read,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
