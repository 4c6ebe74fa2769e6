namespace Beacon.Detections.Rules.Versions;

public enum LineChange
{
    Same,
    Removed,
    Added,
}

/// <param name="Before">Number of the line in the earlier text, from 1; null for an added one.</param>
/// <param name="After">In the later text; null for a removed one.</param>
public sealed record DiffLine(LineChange Change, int? Before, int? After, string Text);

/// <summary>What changed between two texts, line by line: the fewest lines removed and added (Myers, "An O(ND) Difference Algorithm", 1986).</summary>
public static class LineDiff
{
    /// <summary>Lines removed and added for which the fewest are sought; texts that differ in more are shown as replaced between what they begin and end with alike.</summary>
    public const int MaxEdits = 2_000;

    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var (a, b) = (Lines(before), Lines(after));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start]) start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        var lines = new List<DiffLine>(Math.Max(a.Length, b.Length) + 16);
        for (var i = 0; i < start; i++) lines.Add(new DiffLine(LineChange.Same, i + 1, i + 1, a[i]));
        foreach (var line in Middle(a[start..(a.Length - end)], b[start..(b.Length - end)])) lines.Add(line with { Before = line.Before + start, After = line.After + start });
        for (var i = end; i > 0; i--) lines.Add(new DiffLine(LineChange.Same, a.Length - i + 1, b.Length - i + 1, a[^i]));
        return lines;
    }

    private static string[] Lines(string text)
    {
        var whole = text.ReplaceLineEndings("\n");
        return whole.Length == 0 ? [] : (whole.EndsWith('\n') ? whole[..^1] : whole).Split('\n');
    }

    private static List<DiffLine> Middle(string[] a, string[] b)
    {
        var most = Math.Min(a.Length + b.Length, MaxEdits);
        var reach = new int[(2 * most) + 2];
        var steps = new List<int[]>();
        for (var edits = 0; edits <= most; edits++)
        {
            steps.Add(reach[(most - edits)..(most + edits + 1)]);
            for (var k = -edits; k <= edits; k += 2)
            {
                var x = k == -edits || (k != edits && At(reach, most, k - 1) < At(reach, most, k + 1)) ? At(reach, most, k + 1) : At(reach, most, k - 1) + 1;
                while (x < a.Length && x - k < b.Length && a[x] == b[x - k]) x++;
                reach[most + k] = x;
                if (x >= a.Length && x - k >= b.Length) return Back(a, b, steps, edits);
            }
        }
        return [.. a.Select(static (t, i) => new DiffLine(LineChange.Removed, i + 1, null, t)), .. b.Select(static (t, i) => new DiffLine(LineChange.Added, null, i + 1, t))];
    }

    private static int At(int[] reach, int middle, int k) => middle + k >= 0 && middle + k < reach.Length ? reach[middle + k] : 0;

    private static List<DiffLine> Back(string[] a, string[] b, List<int[]> steps, int edits)
    {
        var lines = new List<DiffLine>();
        var (x, y) = (a.Length, b.Length);
        for (; edits > 0; edits--)
        {
            // As far as paths with one edit less reached, on the diagonals from -edits to +edits.
            var (reach, middle, k) = (steps[edits], edits, x - y);
            var down = k == -edits || (k != edits && reach[middle + k - 1] < reach[middle + k + 1]);
            var from = down ? k + 1 : k - 1;
            while (x > reach[middle + from] && y > reach[middle + from] - from) Same();
            lines.Add(down ? new DiffLine(LineChange.Added, null, y, b[--y]) : new DiffLine(LineChange.Removed, x, null, a[--x]));
        }
        while (x > 0 && y > 0) Same();
        lines.Reverse();
        return lines;

        void Same()
        {
            lines.Add(new DiffLine(LineChange.Same, x, y, a[x - 1]));
            (x, y) = (x - 1, y - 1);
        }
    }
}
