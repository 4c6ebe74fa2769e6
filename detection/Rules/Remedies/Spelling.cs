namespace Beacon.Detections.Rules.Remedies;

/// <summary>Which known word was meant by one that nobody knows.</summary>
internal static class Spelling
{
    /// <summary>Longest word that is compared, UTF-16 units.</summary>
    private const int MaxLength = 128;

    /// <summary>The nearest words, the nearest first; those that differ in too much for a slip of the hand are left out.</summary>
    public static IReadOnlyList<string> Nearest(string word, IEnumerable<string> known, int most)
    {
        var slips = Slips(word.Length);
        return [.. known.Select(k => (Word: k, Distance: Distance(word, k, slips))).Where(k => k.Distance <= slips).OrderBy(static k => k.Distance).ThenBy(static k => k.Word, StringComparer.Ordinal).Select(static k => k.Word).Take(most)];
    }

    /// <summary>Letters that may be wrong in a word of this length.</summary>
    public static int Slips(int length) => length <= 3 ? 1 : length <= 7 ? 2 : 3;

    /// <summary>Letters put in, left out, exchanged or swapped with their neighbour, without case; more than <paramref name="most"/> where it is more.</summary>
    public static int Distance(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most || a.Length > MaxLength || b.Length > MaxLength) return most + 1;
        Span<int> before = stackalloc int[b.Length + 1], last = stackalloc int[b.Length + 1], row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = Same(a[i - 1], b[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && !same && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1])) row[j] = Math.Min(row[j], before[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }
            if (least > most) return most + 1;
            var free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
