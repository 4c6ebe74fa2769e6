using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Transformations;

/// <summary>'change_logsource': the rule counts as one of another log source; what is not named is empty.</summary>
internal sealed class ChangeLogSource(SigmaLogSource source) : ITransformation
{
    public static ChangeLogSource? Read(Arguments arguments)
    {
        var source = new SigmaLogSource(Word(arguments, "product"), Word(arguments, "category"), Word(arguments, "service"));
        if (source != new SigmaLogSource("", "", "")) return new ChangeLogSource(source);
        arguments.Error("type", FaultCodes.Missing, "'change_logsource' needs a category, a product or a service");
        return null;
    }

    public void Apply(RuleDraft draft, ProcessingItem item) => draft.State.LogSource = source;

    private static string Word(Arguments arguments, string key)
    {
        var text = arguments.Text(key)?.Trim().ToLowerInvariant() ?? "";
        if (text.Length > 100) arguments.Error(key, FaultCodes.TooLarge, $"'{key}' is longer than 100 characters");
        return text;
    }
}
