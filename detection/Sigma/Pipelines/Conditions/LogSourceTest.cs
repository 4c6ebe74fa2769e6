using System.Collections.Immutable;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>
/// 'logsource': what it names, the rule names too. Besides one text, as in pySigma, each key takes a list of which one must be it,
/// '' for a rule that says nothing there, and '*' for one that says anything.
/// </summary>
internal sealed class LogSourceTest(ImmutableArray<string> product, ImmutableArray<string> category, ImmutableArray<string> service) : IRuleTest
{
    public bool NamesProduct => !product.IsEmpty;
    public bool NamesCategory => !category.IsEmpty;
    public bool NamesService => !service.IsEmpty;

    public static LogSourceTest? Read(Arguments arguments)
    {
        var test = new LogSourceTest(Words(arguments, "product"), Words(arguments, "category"), Words(arguments, "service"));
        if (test.NamesProduct || test.NamesCategory || test.NamesService) return test;
        arguments.Error("type", FaultCodes.Missing, "the condition 'logsource' needs a category, a product or a service");
        return null;
    }

    public bool Test(RuleDraft rule) => Test(rule.State.LogSource);

    public bool Test(SigmaLogSource source) => Is(product, source.Product) && Is(category, source.Category) && Is(service, source.Service);

    private static bool Is(ImmutableArray<string> wanted, string word)
    {
        if (wanted.IsEmpty) return true;
        foreach (var value in wanted)
            if (value == "*" ? word.Length > 0 : value == word) return true;
        return false;
    }

    private static ImmutableArray<string> Words(Arguments arguments, string key) =>
        arguments.Texts(key) is { } texts ? [.. texts.Select(static t => t.ToLowerInvariant())] : [];
}
