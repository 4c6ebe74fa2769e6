using System.Text;

namespace Beacon.Storage.Elasticsearch.Queries;

/// <summary>Texts by their bytes as UTF-8, as both stores order them; UTF-16 puts some letters elsewhere.</summary>
internal static class Utf8Order
{
    /// <summary>Keys by their first value, then by the next.</summary>
    public static readonly Comparer<IReadOnlyList<string>> Keys = Comparer<IReadOnlyList<string>>.Create(static (a, b) =>
    {
        for (var i = 0; i < a.Count; i++)
            if (Compare(a[i], b[i]) is var order and not 0) return order;
        return 0;
    });

    public static int Compare(string a, string b)
    {
        var (left, right) = (a.EnumerateRunes(), b.EnumerateRunes());
        while (true)
        {
            var (more, other) = (left.MoveNext(), right.MoveNext());
            if (!more || !other) return more ? 1 : other ? -1 : 0;
            if (left.Current.Value != right.Current.Value) return left.Current.Value.CompareTo(right.Current.Value);
        }
    }
}
