namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>The values of a group as one text. Each has its length before it, so that no two groups share one whatever their values hold.</summary>
internal static class GroupKey
{
    public static string Of(string[] values) => string.Concat(values.Select(Part));

    /// <summary>The key of a group with one value more.</summary>
    public static string With(string key, string value) => key + Part(value);

    private static string Part(string value) => $"{value.Length}:{value}";
}
