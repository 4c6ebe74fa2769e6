using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Which shipped playbook comes first for what rules of the pack raise.</summary>
public sealed class OfferTests(OfferTests.Shelf shelf) : IClassFixture<OfferTests.Shelf>
{
    public sealed class Shelf : IDisposable
    {
        internal TestHouse House { get; } = new();
        public void Dispose() => House.Dispose();
    }

    private const string CoreSignalling = "6d0c0c5e-3d3b-4f0a-9a57-0b6b7c1d2e41";

    [Theory]
    // Accounts: who comes from outside has a password; who takes rights has an account.
    [InlineData("root comes in over SSH with a password", "T1078.003 T1021.004", "persistence initial-access lateral-movement", "", "brute-force")]
    [InlineData("root comes in, tagged as a valid account alone", "T1078", "persistence initial-access", "", "brute-force")]
    [InlineData("a service account comes in from outside", "T1078 T1133", "initial-access persistence", "", "brute-force")]
    [InlineData("a user logs in at two places", "T1078", "initial-access", "", "brute-force")]
    [InlineData("a password is guessed", "T1110.001 T1078", "credential-access initial-access", "", "brute-force")]
    [InlineData("passwords are sprayed", "T1110.003", "credential-access", "", "brute-force")]
    [InlineData("remote desktop from a public address", "T1133 T1021.001", "lateral-movement initial-access", "", "brute-force")]
    [InlineData("remote access is reached from the internet", "T1133 T1021", "initial-access", "", "brute-force")]
    [InlineData("a member joins the administrators", "T1098.007", "persistence privilege-escalation", "", "insider")]
    [InlineData("an account is made", "T1136.001", "persistence", "", "insider")]
    [InlineData("a root shell by sudo", "T1548.003", "privilege-escalation", "", "insider")]
    [InlineData("a service account opens a root shell", "T1548.003 T1078", "privilege-escalation", "", "insider")]
    [InlineData("the hashes are read", "T1003.008", "credential-access", "", "credential-theft")]
    [InlineData("memory of LSASS by a system library", "T1003.001 T1218.011", "credential-access", "", "credential-theft")]
    // The web.
    [InlineData("a web shell answers", "T1505.003", "persistence", "", "web-shell")]
    [InlineData("SQL is injected", "T1190", "initial-access", "", "web-shell")]
    [InlineData("a path is climbed", "T1190 T1083", "initial-access discovery", "", "web-shell")]
    [InlineData("a file with keys is served", "T1552.001 T1083", "credential-access collection", "", "cloud-key-leak")]
    [InlineData("a reverse shell", "T1059.004 T1095", "execution command-and-control", "", "web-shell")]
    // Workstations and servers.
    [InlineData("a document starts a shell", "T1204.002 T1566.001 T1059", "execution initial-access", "", "phishing")]
    [InlineData("an encoded command", "T1059.001 T1027.010", "execution stealth", "", "phishing")]
    [InlineData("a program starts at logon", "T1547.001", "persistence", "", "phishing")]
    [InlineData("PsExec", "T1569.002 T1021.002", "lateral-movement execution", "", "remote-execution")]
    [InlineData("shadow copies are deleted", "T1490", "impact", "", "ransomware")]
    [InlineData("a process leaves its container", "T1611", "privilege-escalation", "", "container-escape")]
    [InlineData("a program is fetched by a system tool", "T1105 T1197", "command-and-control", "", "supply-chain")]
    // The network.
    [InlineData("much data leaves", "T1048", "exfiltration", "", "data-exfiltration")]
    [InlineData("a flood", "T1498.001 T1499.001", "impact", "", "ddos")]
    [InlineData("core signalling from outside", "T1133", "initial-access", CoreSignalling, "telecom-core")]
    // What watches.
    [InlineData("a source is silent", "T1685", "defense-impairment", "silent-source", "silent-collectors")]
    [InlineData("the security log is cleared", "T1685.005", "defense-impairment", "", "silent-collectors")]
    [InlineData("a history is wiped", "T1070.003", "stealth", "", "silent-collectors")]
    // Plants.
    [InlineData("a register is written", "T0836 T0855 T0831", "impair-process-control", "", "ot-unauthorised-write")]
    [InlineData("a controller is stopped", "T0858 T0816 T0881", "execution inhibit-response-function", "", "ot-unauthorised-write")]
    [InlineData("a program is read", "T0845", "collection", "", "ot-unauthorised-write")]
    [InlineData("an outstation is restarted", "T0816 T0814", "inhibit-response-function", "", "ot-loss-of-view")]
    [InlineData("Modbus from the internet", "T0883 T0822", "initial-access", "", "ot-remote-access")]
    [InlineData("a controller is asked who it is", "T0888 T0846", "discovery", "", "ot-remote-access")]
    public void Offer_Situation_BeginsWithItsPlaybook(string situation, string techniques, string stages, string rule, string expected)
    {
        var (category, _) = WarningCategory.Of([.. Words(stages)], rule == "silent-source", "a host");
        var offers = shelf.House.Library.Offer(new PlaybookNeed([.. Words(techniques)], category, [.. Words(rule)]));
        Assert.True(offers.Count > 0, situation);
        Assert.True(expected + ".json" == offers[0].Playbook.File, $"{situation}: " + string.Join("; ", offers.Take(3).Select(o => $"{o.Playbook.File} {o.Score} ({o.Why})")));
    }

    [Theory]
    [InlineData("T1046 T1595.001")]
    [InlineData("T1046 T1018")]
    [InlineData("T1590.002 T1046")]
    public void Offer_ScanAlone_NamesNoPlaybookOfTheTelecomCore(string techniques) =>
        Assert.DoesNotContain("telecom-core.json", shelf.House.Library.Offer(new PlaybookNeed([.. Words(techniques)], "reconnaissance", [])).Select(o => o.Playbook.File));

    [Fact]
    public void Offer_TechniqueItself_BeatsARelativeOfTheSameCategory()
    {
        var offers = shelf.House.Library.Offer(new PlaybookNeed(["T1047", "T1098.004"], "intrusion", []));
        Assert.Equal(["remote-execution.json", "insider.json"], offers.Take(2).Select(o => o.Playbook.File));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
