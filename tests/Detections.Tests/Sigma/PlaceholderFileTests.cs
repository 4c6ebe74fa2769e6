using Beacon.Detections.Sigma;

namespace Beacon.Detections.Tests.Sigma;

public sealed class PlaceholderFileTests
{
    [Fact]
    public void Read_Names_TakeTheirValues()
    {
        var read = PlaceholderFile.Read("p.yml", "admins:\n  - alice\n  - 'svc_*'\n  - 7\nport: 502\n");
        Assert.Empty(read.Faults);
        Assert.Equal(["alice", "svc_*", "7"], read.Values["admins"]);
        Assert.Equal(["502"], read.Values["port"]);
        Assert.Empty(PlaceholderFile.Read("p.yml", "").Values);
        Assert.Empty(PlaceholderFile.ReadFile("/no/such/file.yml").Faults);
        Assert.Empty(PlaceholderFile.ReadFile("").Faults);
    }

    [Theory]
    [InlineData("- a\n", FaultCodes.Structure, 1, 1)]
    [InlineData("good: x\n'%admins%': x\n", FaultCodes.Placeholder, 2, 1)]
    [InlineData("good: x\nadmins: []\n", FaultCodes.Placeholder, 2, 9)]
    [InlineData("good: x\nadmins:\n  - {a: b}\n", FaultCodes.Placeholder, 3, 5)]
    [InlineData("good: x\nadmins: null\n", FaultCodes.Placeholder, 2, 9)]
    [InlineData("good: x\ngood: y\n", FaultCodes.Duplicate, 2, 1)]
    [InlineData("good: x\n\"a b\": y\n", FaultCodes.Placeholder, 2, 1)]
    public void Read_FaultyEntry_NamesItsPlaceAndKeepsTheOthers(string text, string code, int line, int column)
    {
        var read = PlaceholderFile.Read("p.yml", text);
        var fault = Assert.Single(read.Faults);
        Assert.Equal((code, line, column, "p.yml"), (fault.Code, fault.Line, fault.Column, fault.File));
        if (line > 1) Assert.Equal(["good"], read.Values.Keys);
    }

    [Fact]
    public void Read_TooMuch_IsRefused()
    {
        Assert.Contains(PlaceholderFile.Read("p.yml", "a: " + new string('x', 2_000)).Faults, static f => f.Code == FaultCodes.TooLarge);
        var many = PlaceholderFile.Read("p.yml", string.Concat(Enumerable.Range(0, 1_200).Select(static i => $"n{i}: x\n")));
        Assert.Equal((PlaceholderFile.MaxNames, 200), (many.Values.Count, many.Faults.Count));
    }
}
