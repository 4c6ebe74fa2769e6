using Beacon.Events;
using Beacon.Web.Console.Shell;

namespace Beacon.Web.Tests.Console;

public sealed class EvidenceMarksTests
{
    [Theory]
    [InlineData("cmd /c whoami /all", "cmd /c |[whoami]| /all", 7, 6)]
    [InlineData("whoami", "[whoami]", 0, 6)]
    [InlineData("whoami", "[whoami]", 0, 0)]
    [InlineData("whoami", "[whoami]", 4, 9)]
    public void Split_Match_IsMarkedInItsPlace(string value, string parts, int start, int length) => Assert.Equal(parts, Shown(EvidenceMarks.Split(value, [new MatchedField("s", "f", value, start, length)])));

    [Fact]
    public void Split_MatchesOfSeveralSelections_AreMarkedTogether() =>
        Assert.Equal("a |[bc]| |[de]| f", Shown(EvidenceMarks.Split("a bc de f", [new MatchedField("y", "f", "a bc de f", 5, 2), new MatchedField("x", "f", "a bc de f", 2, 1), new MatchedField("z", "f", "a bc de f", 2, 2)])));

    [Fact]
    public void Split_MatchOfAnotherValue_MarksNothing() => Assert.Empty(EvidenceMarks.Split("one", [new MatchedField("s", "f", "two", 0, 3)]));

    [Fact]
    public void Split_MatchFarInsideALongValue_IsFoundAndItsSurroundingsAreCut()
    {
        var value = new string('a', 5_000) + "EVIL" + new string('b', 5_000);
        var parts = EvidenceMarks.Split(value, [new MatchedField("s", "f", value.Substring(4_744, MatchedField.MaxValueLength), 256, 4)]);
        Assert.Equal(("EVIL", true), parts[1]);
        Assert.Equal(3, parts.Count);
        Assert.All(parts, static p => Assert.True(p.Text.Length <= (EvidenceMarks.Around * 2) + 3));
    }

    private static string Shown(IReadOnlyList<(string Text, bool Marked)> parts) => string.Join('|', parts.Select(static p => p.Marked ? $"[{p.Text}]" : p.Text));
}
