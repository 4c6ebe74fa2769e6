using System.Text;
using Beacon.Detections.Indicators;

namespace Beacon.Detections.Tests.Indicators;

public sealed class IndicatorDocumentTests
{
    [Fact]
    public void Csv_GoodAndBadRows_TakesTheGoodAndNamesTheBad()
    {
        var read = IndicatorCsv.Read("value,type,name,valid_until\n203.0.113.7,,\"C2, seen in May\",2026-12-31\nevil.example,domain,,\nevil.example,hash,,\nnothing,,,\na,b\n1.2.3.4,colour,,\n5.6.7.8,,,soon\n");

        Assert.Equal(
            [new Indicator(IndicatorKind.Address, "203.0.113.7", "C2, seen in May", "", new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero)), new Indicator(IndicatorKind.Domain, "evil.example", "", "", null)],
            read.Indicators);
        Assert.Equal(["line 4", "line 5", "line 6", "line 7", "line 8"], read.Faults.Select(static f => f.Place));
        Assert.Contains("line 1", Assert.Single(IndicatorCsv.Read("name,colour\n").Faults, static f => f.Message.Contains("no column 'value'", StringComparison.Ordinal)).Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Stix_Bundle_GivesTheValuesOfItsPatterns()
    {
        var read = Stix("""
            {"type": "bundle", "id": "bundle--1", "objects": [
              {"type": "malware", "id": "malware--1", "name": "X"},
              {"type": "indicator", "id": "indicator--1", "name": "Servers", "pattern_type": "stix", "valid_until": "2026-06-01T00:00:00Z",
               "pattern": "[ipv4-addr:value = '203.0.113.7' OR ipv4-addr:value IN ('203.0.113.8', '198.51.100.0/24')] OR [domain-name:value='evil.example']"},
              {"type": "indicator", "id": "indicator--2", "pattern_type": "stix", "pattern": "[file:hashes.'SHA-256' = 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855']"},
              {"type": "indicator", "id": "indicator--3", "pattern_type": "stix", "revoked": true, "pattern": "[domain-name:value = 'gone.example']"},
              {"type": "indicator", "id": "indicator--4", "pattern_type": "stix", "pattern": "[domain-name:value = 'a.example' AND url:value = 'http://a.example/']"},
              {"type": "indicator", "id": "indicator--5", "pattern_type": "yara", "pattern": "rule x {}"},
              {"type": "indicator", "id": "indicator--6", "pattern_type": "stix", "pattern": "[mutex:name = 'q']"}
            ]}
            """);

        Assert.Equal(["203.0.113.7", "203.0.113.8", "198.51.100.0/24", "evil.example", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"], read.Indicators.Select(static i => i.Value));
        Assert.All(read.Indicators.Take(4), static i => Assert.Equal(("Servers", "indicator--1", new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)), (i.Name, i.Reference, i.ValidUntil!.Value)));
        Assert.Equal(["indicator--4", "indicator--5", "indicator--6"], read.Faults.Select(static f => f.Place));
    }

    [Theory]
    [InlineData("[domain-name:value = 'it\\'s.example']", "it's.example")]
    [InlineData("  [ url:value='http://x.example/a]b' ] ", "http://x.example/a]b")]
    public void Pattern_Quoting_IsRead(string pattern, string value) => Assert.Equal(value, Assert.Single(StixPattern.Read(pattern, out _)!).Value);

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("domain-name:value = 'a.example'")]
    [InlineData("[domain-name:value = 'a.example'")]
    [InlineData("[domain-name:value = 'a.example]")]
    [InlineData("[domain-name:value LIKE '%.example']")]
    [InlineData("[domain-name:value != 'a.example']")]
    [InlineData("[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']")]
    [InlineData("[domain-name:value = 'a.example'] REPEATS 5 TIMES")]
    [InlineData("[domain-name:value IN ('a.example', b)]")]
    [InlineData("[NOT domain-name:value = 'a.example']")]
    public void Pattern_ThatIsNoListOfValues_IsRefusedWithTheReason(string pattern)
    {
        Assert.Null(StixPattern.Read(pattern, out var problem));
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"type\": \"bundle\"}")]
    [InlineData("{")]
    public void Stix_NoBundle_IsAFault(string json) => Assert.Single(Stix(json).Faults);

    [Fact]
    public void Index_Values_AreFoundByNameNetworkAndDomainAbove()
    {
        var index = new IndicatorIndex([Of(IndicatorKind.Address, "198.51.100.0/24"), Of(IndicatorKind.Address, "198.51.100.64/26"), Of(IndicatorKind.Address, "198.51.100.70"), Of(IndicatorKind.Address, "2001:db8:5::/48"), Of(IndicatorKind.Domain, "evil.example")]);

        Assert.Equal("198.51.100.0/24", index.Find(IndicatorKind.Address, "198.51.100.3")?.Value);
        Assert.Equal("198.51.100.64/26", index.Find(IndicatorKind.Address, "198.51.100.100")?.Value);
        Assert.Equal("198.51.100.70", index.Find(IndicatorKind.Address, "198.51.100.70")?.Value);
        Assert.Equal("2001:db8:5::/48", index.Find(IndicatorKind.Address, "2001:DB8:5:1::9")?.Value);
        Assert.Equal("evil.example", index.Find(IndicatorKind.Domain, "A.b.EVIL.example.")?.Value);
        Assert.Null(index.Find(IndicatorKind.Domain, "notevil.example"));
        Assert.Null(index.Find(IndicatorKind.Domain, "evil.example.org"));
        Assert.Null(index.Find(IndicatorKind.Address, "198.51.101.3"));
        Assert.Null(index.Find(IndicatorKind.Url, "evil.example"));
    }

    private static Indicator Of(IndicatorKind kind, string value) => new(kind, value, "", "", null);

    private static IndicatorDocument Stix(string json) => StixIndicators.Read(Encoding.UTF8.GetBytes(json));
}
