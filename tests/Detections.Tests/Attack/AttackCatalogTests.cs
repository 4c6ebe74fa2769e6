using Beacon.Detections.Attack;
using Beacon.Detections.Tests.Corpora;

namespace Beacon.Detections.Tests.Attack;

public sealed class AttackCatalogTests
{
    [Theory]
    [InlineData("T1059.001", AttackDomain.Enterprise, "PowerShell", "")]
    [InlineData("t0855", AttackDomain.Ics, "Unauthorized Command Message", "")]
    [InlineData("T1626.001", AttackDomain.Mobile, "Device Administrator Permissions", "")]
    [InlineData("T1002", AttackDomain.Enterprise, "Data Compressed", "revoked")]
    public void Find_KnownId_GivesTheTechnique(string id, AttackDomain domain, string name, string state)
    {
        var technique = AttackCatalog.Find(id)!;
        Assert.Equal((domain, name, state), (technique.Domain, technique.Name, technique.State));
    }

    [Fact]
    public void Find_UnknownId_GivesNull() => Assert.Null(AttackCatalog.Find("T1999"));

    [Fact]
    public void Current_RevokedTechnique_GivesWhatTookItsPlace() => Assert.Equal("T1560", AttackCatalog.Current(AttackCatalog.Find("T1002")!).Id);

    [Fact]
    public void Current_AnyTechnique_IsNotRevokedWhereItHasASuccessor() =>
        Assert.All(AttackCatalog.Techniques.Where(static t => t.Replacement.Length > 0), static t => Assert.NotEqual("revoked", AttackCatalog.Current(t).State));

    [Fact]
    public void Techniques_TacticsOfEnterpriseAndIcs_AreKnown()
    {
        var known = AttackCatalog.Tactics.Select(static t => (t.Domain, t.ShortName)).ToHashSet();
        Assert.All(AttackCatalog.Techniques.Where(static t => t.Domain != AttackDomain.Mobile && t.State.Length == 0), t => Assert.All(t.Tactics, tactic => Assert.Contains((t.Domain, tactic), known)));
    }

    [Theory]
    [InlineData("corpora/attack/enterprise-techniques.csv", AttackDomain.Enterprise)]
    [InlineData("corpora/attack/ics-techniques.csv", AttackDomain.Ics)]
    public void Techniques_OfTheMatrix_AreAllThere(string file, AttackDomain domain)
    {
        var ids = File.ReadLines(Shared.Find(file)).Skip(1).Select(static l => l[..l.IndexOf(',', StringComparison.Ordinal)]).Where(static i => i.StartsWith('T')).ToArray();
        Assert.True(ids.Length > 80);
        Assert.Equal(ids.Order(), AttackCatalog.Techniques.Where(t => t.Domain == domain).Select(static t => t.Id).Order());
    }
}
