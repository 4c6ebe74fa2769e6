using Beacon.Detections.Rules.Versions;

namespace Beacon.Detections.Tests.Rules.Versions;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a\nb\nc\n", "a\nc\n", " a|-b| c")]
    [InlineData("a\nc", "a\r\nb\r\nc", " a|+b| c")]
    [InlineData("a\nb\nc", "a\nx\nc", " a|-b|+x| c")]
    [InlineData("", "a\nb", "+a|+b")]
    [InlineData("a", "", "-a")]
    [InlineData("", "", "")]
    [InlineData("a\nb", "a\nb", " a| b")]
    [InlineData("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc", null)]
    public void Of_Texts_MarksTheFewestLines(string before, string after, string? marked)
    {
        var lines = LineDiff.Of(before, after);
        Hold(before, after, lines);
        if (marked is not null) Assert.Equal(marked, string.Join('|', lines.Select(static l => l.Change switch { LineChange.Added => "+", LineChange.Removed => "-", _ => " " } + l.Text)));
        else Assert.Equal(5, lines.Count(static l => l.Change != LineChange.Same));
    }

    [Fact]
    public void Of_AnyTexts_GivesBothBackWithTheirLineNumbers()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var (before, after) = (Text(), Text());
            var lines = LineDiff.Of(before, after);
            Hold(before, after, lines);
            Assert.Equal(Distance(before.Split('\n'), after.Split('\n')), lines.Count(static l => l.Change != LineChange.Same));
        }

        string Text() => string.Join('\n', Enumerable.Range(0, random.Next(1, 12)).Select(_ => "abc"[random.Next(3)]));
    }

    [Fact]
    public void Of_TextsWithNothingInCommon_EndsAndStillGivesBoth()
    {
        var (before, after) = (string.Join('\n', Enumerable.Range(0, 60_000)), "0\n" + string.Join('\n', Enumerable.Range(100_000, 60_000)));
        Hold(before, after, LineDiff.Of(before, after));
    }

    private static void Hold(string before, string after, IReadOnlyList<DiffLine> lines)
    {
        Assert.Equal(Lines(before), lines.Where(static l => l.Change != LineChange.Added).Select(static l => l.Text));
        Assert.Equal(Lines(after), lines.Where(static l => l.Change != LineChange.Removed).Select(static l => l.Text));
        Assert.Equal(Enumerable.Range(1, Lines(before).Length), lines.Where(static l => l.Before is not null).Select(static l => l.Before!.Value));
        Assert.Equal(Enumerable.Range(1, Lines(after).Length), lines.Where(static l => l.After is not null).Select(static l => l.After!.Value));
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static int Distance(string[] a, string[] b)
    {
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++) common[i, j] = a[i - 1] == b[j - 1] ? common[i - 1, j - 1] + 1 : Math.Max(common[i - 1, j], common[i, j - 1]);
        return a.Length + b.Length - (2 * common[a.Length, b.Length]);
    }
}
