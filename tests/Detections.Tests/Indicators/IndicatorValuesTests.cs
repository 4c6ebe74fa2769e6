using Beacon.Detections.Indicators;

namespace Beacon.Detections.Tests.Indicators;

public sealed class IndicatorValuesTests
{
    [Theory]
    [InlineData("203.0.113.7", IndicatorKind.Address, "203.0.113.7")]
    [InlineData("203.0.113[.]7", IndicatorKind.Address, "203.0.113.7")]
    [InlineData("2001:DB8:0::1", IndicatorKind.Address, "2001:db8::1")]
    [InlineData("::ffff:203.0.113.7", IndicatorKind.Address, "203.0.113.7")]
    [InlineData("198.51.100.0/24", IndicatorKind.Address, "198.51.100.0/24")]
    [InlineData("198.51.100.4/24", IndicatorKind.Address, "198.51.100.0/24")]
    [InlineData("198.51.100.4/32", IndicatorKind.Address, "198.51.100.4")]
    [InlineData("Evil.Example.", IndicatorKind.Domain, "evil.example")]
    [InlineData("_dmarc.evil[.]example", IndicatorKind.Domain, "_dmarc.evil.example")]
    [InlineData("hxxps://evil.example/A?b=C", IndicatorKind.Url, "https://evil.example/a?b=c")]
    [InlineData("D41D8CD98F00B204E9800998ECF8427E", IndicatorKind.Hash, "d41d8cd98f00b204e9800998ecf8427e")]
    internal void Guess_Value_HasItsKindAndOneForm(string value, IndicatorKind kind, string normal)
    {
        Assert.Equal(kind, IndicatorValues.Guess(value));
        Assert.Equal(normal, IndicatorValues.Normalise(kind, value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("3232235777")]
    [InlineData("0.0.0.0/0")]
    [InlineData("localhost")]
    [InlineData("evil..example")]
    [InlineData("evil example.org")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427")]
    [InlineData("/only/a/path")]
    public void Guess_NoUsableValue_IsNone(string value) => Assert.Null(IndicatorValues.Guess(value));
}
