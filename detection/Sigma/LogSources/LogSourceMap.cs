namespace Beacon.Detections.Sigma.LogSources;

/// <summary>Binds Sigma log sources to our events, product by product (Sigma taxonomy appendix 2.1).</summary>
internal static class LogSourceMap
{
    public static LogSourceBinding Bind(SigmaLogSource source)
    {
        var binding = source switch
        {
            { Product: "windows" } => WindowsSources.Bind(source),
            { Product: "linux" or "macos" } => UnixSources.Bind(source),
            { Product: "zeek" } => ZeekSources.Bind(source),
            { Product: "" or "apache" or "nginx" or "iis" or "squid" } => NetworkSources.Bind(source),
            _ => null,
        };
        return binding ?? LogSourceBinding.None(Reason(source));
    }

    /// <summary>A field that a rule already names as events do.</summary>
    public static bool IsEventField(string name) =>
        DeclaredNames.Contains(name)
        || name.StartsWith("winlog.", StringComparison.Ordinal) || name.StartsWith("zeek.", StringComparison.Ordinal)
        || name == Matching.FieldReader.TimestampName;

    private static readonly HashSet<string> DeclaredNames = [.. Events.EcsFields.DeclaredNames];

    private static string Reason(SigmaLogSource source)
    {
        if (source.Product.Length == 0 && UnixSources.Categories.Contains(source.Category))
            return $"the category {source.Category} needs a product: windows, linux or macos";
        return $"no parser of this version reads logs of {source}";
    }
}
