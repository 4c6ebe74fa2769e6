using System.Text.Json;
using Beacon.Detections.Attack;

namespace Beacon.Detections.Tests.Attack;

public sealed class AttackLayerTests
{
    private static readonly LayerRule[] Rules =
    [
        new("1", "Shell", ["attack.execution", "attack.t1059.001"], IsBlind: false),
        new("2", "Unseen shell", ["attack.T1059.001", "attack.t1059.001"], IsBlind: true),
        new("3", "Packed", ["attack.t1002"], IsBlind: true),
        new("4", "Coil", ["attack.t0855"], IsBlind: false),
        new("5", "Nothing", ["cve.2021-44228", "attack.t1999"], IsBlind: false),
    ];

    [Fact]
    public void Write_Enterprise_ScoresAreNumbersOfRulesAndBlindOnesAreMarked()
    {
        var (layer, json) = Write(AttackDomain.Enterprise, Rules);

        Assert.Equal("4.5", json.GetProperty("versions").GetProperty("layer").GetString());
        Assert.Equal("enterprise-attack", json.GetProperty("domain").GetString());
        var techniques = json.GetProperty("techniques").EnumerateArray().ToDictionary(static t => t.GetProperty("techniqueID").GetString()!);
        // A revoked technique counts as the one that took its place.
        Assert.Equal(["T1059.001", "T1560"], techniques.Keys);
        Assert.Equal(2, techniques["T1059.001"].GetProperty("score").GetInt32());
        Assert.Equal("Shell\nUnseen shell (blind)", techniques["T1059.001"].GetProperty("comment").GetString());
        Assert.False(techniques["T1059.001"].TryGetProperty("color", out _));
        Assert.True(techniques["T1059.001"].GetProperty("enabled").GetBoolean());
        Assert.True(techniques["T1560"].TryGetProperty("color", out _));
        Assert.Equal(2, json.GetProperty("gradient").GetProperty("maxValue").GetInt32());
        Assert.Equal((5, 3, 2, 1), (layer.Rules, layer.Counted, layer.Covered, layer.BlindOnly));
        Assert.Equal(["T1999"], layer.Unknown);
    }

    [Fact]
    public void Write_Ics_HoldsIcsOnly()
    {
        var (_, json) = Write(AttackDomain.Ics, Rules);
        Assert.Equal("ics-attack", json.GetProperty("domain").GetString());
        Assert.Equal("T0855", Assert.Single(json.GetProperty("techniques").EnumerateArray()).GetProperty("techniqueID").GetString());
    }

    [Fact]
    public void Write_NoRules_IsALayerAllTheSame()
    {
        var (_, json) = Write(AttackDomain.Enterprise, []);
        Assert.Empty(json.GetProperty("techniques").EnumerateArray());
        Assert.Equal(2, json.GetProperty("gradient").GetProperty("maxValue").GetInt32());
    }

    [Fact]
    public void Write_MoreRulesThanAreListed_CountsTheRest()
    {
        var (_, json) = Write(AttackDomain.Enterprise, Enumerable.Range(0, AttackLayer.MaxListed + 3).Select(static i => new LayerRule($"{i}", $"R{i}", ["attack.t1003"], false)));
        var technique = Assert.Single(json.GetProperty("techniques").EnumerateArray());
        Assert.Equal(AttackLayer.MaxListed + 3, technique.GetProperty("score").GetInt32());
        Assert.EndsWith("\nand 3 more", technique.GetProperty("comment").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_Mobile_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(static () => new AttackLayer(AttackDomain.Mobile, "", []));

    private static (AttackLayer, JsonElement) Write(AttackDomain domain, IEnumerable<LayerRule> rules)
    {
        var layer = new AttackLayer(domain, "Test", rules);
        using var stream = new MemoryStream();
        layer.Write(stream);
        return (layer, JsonDocument.Parse(stream.ToArray()).RootElement);
    }
}
