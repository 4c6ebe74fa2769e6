using Beacon.Detections.Rules;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Conventions;

namespace Beacon.Detections.Tests.Sigma.Conventions;

/// <summary>Each convention with a rule that keeps it and one that breaks it: the sound rule below with one change.</summary>
public sealed class ConventionTests
{
    private const string Sound = """
        title: Account Names Asked For
        id: 6f0c3c2e-52d5-4f3b-9d8e-0d6a0c8f3a11
        status: test
        description: Somebody asks the machine who may sign in to it.
        references:
            - https://example.org/accounts
        author: Beacon
        date: 2025-01-02
        modified: 2025-03-04
        tags:
            - attack.discovery
            - attack.t1087.001
        logsource:
            category: process_creation
            product: windows
        detection:
            selection_img:
                Image|endswith: '\net.exe'
            selection_cli:
                CommandLine|contains|all:
                    - ' user'
                    - ' /domain'
            condition: all of selection_*
        falsepositives:
            - Unknown
        level: low
        """;

    // code, what is changed, to what it breaks the convention, and another form that keeps it.
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "id-version", "6f0c3c2e-52d5-4f3b-9d8e-0d6a0c8f3a11", "6f0c3c2e-52d5-1f3b-9d8e-0d6a0c8f3a11", "7f0c3c2e-52d5-4f3b-ad8e-0d6a0c8f3a11" },
        { "title-length", "Account Names Asked For", "Names", "Ten Letter" },
        { "title-length", "Account Names Asked For", new string('A', 121), new string('A', 120) },
        { "title-case", "Account Names Asked For", "Account names Asked For", "Names Asked For by net.exe in the Shell via WMI" },
        { "title-dot", "Account Names Asked For", "Account Names Asked For.", "Account Names Asked For v1.2" },
        { "status-missing", "status: test\n", "", "status: experimental\n" },
        { "description-missing", "description: Somebody asks the machine who may sign in to it.\n", "", "description: Who may sign in?\n" },
        { "description-short", "Somebody asks the machine who may sign in to it.", "Net user.", "Who may sign in?" },
        { "author-missing", "author: Beacon\n", "", "author: A, B\n" },
        { "date-missing", "date: 2025-01-02\nmodified: 2025-03-04\n", "modified: 2025-03-04\n", "date: 2025-01-02\n" },
        { "date-form", "modified: 2025-03-04", "modified: 2025/03/04", "modified: 2025-12-31" },
        { "date-form", "date: 2025-01-02", "date: 2025-02-30", "date: 2024-02-29" },
        { "date-order", "modified: 2025-03-04", "modified: 2025-01-01", "modified: 2025-01-02" },
        { "tags-missing", "tags:\n    - attack.discovery\n    - attack.t1087.001\n", "", "tags:\n    - attack.t1087\n" },
        { "tag-duplicate", "- attack.discovery", "- attack.t1087.001", "- attack.t1087" },
        { "tag-namespace", "- attack.discovery", "- vendor.discovery", "- detection.dfir" },
        { "tag-namespace", "- attack.discovery", "- discovery", "- attack.execution" },
        { "tag-attack", "- attack.discovery", "- attack.t1999", "- attack.t0855" },
        { "tag-attack", "- attack.discovery", "- attack.credential_access", "- attack.inhibit-response-function" },
        { "tag-attack", "- attack.discovery", "- attack.s00", "- attack.s0002" },
        { "tag-attack-old", "- attack.discovery", "- attack.t1002", "- attack.t1560" },
        { "tag-attack-old", "- attack.discovery", "- attack.defense-evasion", "- attack.stealth" },
        { "tag-car", "- attack.discovery", "- car.2016-13-001", "- car.2016-03-001" },
        { "tag-cve", "- attack.discovery", "- cve.2021.44228", "- cve.2021-44228" },
        { "tag-d3fend", "- attack.discovery", "- d3fend.hardening", "- d3fend.d3-am" },
        { "tag-detection", "- attack.discovery", "- detection.hunting", "- detection.threat-hunting" },
        { "tag-stp", "- attack.discovery", "- stp.6", "- stp.4k" },
        { "tag-tlp", "- attack.discovery", "- tlp.yellow", "- tlp.amber-strict" },
        { "falsepositives-missing", "falsepositives:\n    - Unknown\n", "", "falsepositives: Unlikely\n" },
        { "falsepositives-word", "- Unknown", "- None", "- Unlikely" },
        { "falsepositives-word", "- Unknown", "- unknown", "- Backup software" },
        { "reference-url", "https://example.org/accounts", "see the wiki", "http://example.org/a?b=c#d" },
        { "logsource-unknown", "product: windows", "product: amiga", "product: macos" },
        { "logsource-unknown", "category: process_creation", "category: process_started", "category: process_creation" },
        { "logsource-unknown", "category: process_creation", "service: securitylog", "service: security" },
        { "selection-unused", "condition: all of selection_*", "condition: selection_img", "condition: selection_img and selection_cli" },
        { "single-of", "condition: all of selection_*", "condition: 1 of selection_i* and selection_cli", "condition: 1 of selection_*" },
        { "wildcard-modifier", "Image|endswith: '\\net.exe'", "Image: '*\\net.exe'", "Image: '*\\net?.exe'" },
        { "wildcard-modifier", "Image|endswith: '\\net.exe'", "Image: ['*a*', '*b*']", "Image: ['*a*', 'b*']" },
        { "all-single", "\n            - ' /domain'", "", "\n            - ' /dom'" },
        { "re-needless", "Image|endswith: '\\net.exe'", "Image|re: '\\\\net\\.exe'", "Image|re: '\\\\net1?\\.exe$'" },
        { "re-needless", "Image|endswith: '\\net.exe'", "Image|re: '.*net[0-9].*'", "Image|re: 'net[0-9].+'" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_OneChange_IsFoundWhereItBreaksTheConvention(string code, string from, string broken, string kept)
    {
        Assert.Contains(from, Sound, StringComparison.Ordinal);
        Assert.Equal([code], Check(Sound.Replace(from, broken, StringComparison.Ordinal)).Select(static f => f.Code).Where(static c => c != RuleCheck.BlindCode).Distinct());
        Assert.DoesNotContain(Check(Sound.Replace(from, kept, StringComparison.Ordinal)), f => f.Code == code);
    }

    [Fact]
    public void Check_SoundRule_FindsNothing() => Assert.Empty(Check(Sound));

    [Fact]
    public void Check_FileName_IsFoundWhereItIsNotOfTheForm()
    {
        using var folder = new TestFolder();
        Assert.Equal(["filename"], RuleCheck.Run([folder.Write("Net User.yml", Sound)]).Findings.Select(static f => f.Code));
        Assert.Empty(RuleCheck.Run([folder.Write("proc_creation_win_net_user.yml", Sound)]).Findings);
    }

    [Fact]
    public void Check_SecondRuleOfAnId_IsAnErrorThatNamesTheFirst()
    {
        using var folder = new TestFolder();
        var first = folder.Write("proc_creation_win_a.yml", Sound);
        var second = folder.Write("proc_creation_win_b.yml", Sound.Replace("Account Names", "Other Names", StringComparison.Ordinal).Replace("net.exe", "net1.exe", StringComparison.Ordinal));
        var check = RuleCheck.Run([first, second, first]);
        var finding = Assert.Single(check.Findings);
        Assert.Equal(("id-duplicate", second, 2, FaultSeverity.Error), (finding.Code, finding.File, finding.Line, finding.Severity));
        Assert.Contains(first, finding.Message.ToString(), StringComparison.Ordinal);
        Assert.True(check.HasErrors);
        Assert.Equal(2, check.Rules);
    }

    [Theory]
    [InlineData("title: Account Names Asked For", "title: account NAMES asked for", "title-duplicate")]
    [InlineData("title: Account Names Asked For", "title: Other Names Asked For", "")]
    public void Check_SecondRuleOfATitle_IsFound(string from, string to, string code)
    {
        var other = Sound.Replace("6f0c3c2e", "7f0c3c2e", StringComparison.Ordinal).Replace("net.exe", "net1.exe", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal);
        Assert.Equal(code.Length == 0 ? [] : [code], Check(Sound, other).Where(static f => f.Code != "title-case").Select(static f => f.Code));
    }

    // Names, order, case and nesting change nothing of what a rule looks for.
    [Theory]
    [InlineData("selection_img", "selection_program", true)]
    [InlineData("'\\net.exe'", "'\\NET.EXE'", true)]
    [InlineData("- ' user'\n            - ' /domain'", "- ' /domain'\n            - ' user'", true)]
    [InlineData("all of selection_*", "selection_cli and (selection_img and selection_cli)", true)]
    [InlineData("all of selection_*", "not not selection_cli and selection_img", true)]
    [InlineData("all of selection_*", "1 of selection_*", false)]
    [InlineData("contains|all", "contains", false)]
    [InlineData("category: process_creation", "category: image_load", false)]
    [InlineData("Image|endswith", "Image|endswith|cased", false)]
    public void Check_SameLogicUnderAnotherId_IsFound(string from, string to, bool same)
    {
        var other = Sound.Replace("6f0c3c2e", "7f0c3c2e", StringComparison.Ordinal).Replace("Account Names", "Other Names", StringComparison.Ordinal).Replace(from, to, StringComparison.Ordinal);
        var found = Check(Sound, other).Where(static f => f.Code == "logic-duplicate").ToArray();
        Assert.Equal(same ? 1 : 0, found.Length);
        if (same) Assert.Contains("'Account Names Asked For'", found[0].Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_BlindRule_IsANoteWithItsReason()
    {
        var finding = Assert.Single(Check(Sound.Replace("category: process_creation", "category: file_access", StringComparison.Ordinal)));
        Assert.Equal((RuleCheck.BlindCode, FaultSeverity.Info, 14), (finding.Code, finding.Severity, finding.Line));
    }

    [Fact]
    public void Check_RefusedRule_IsAnErrorAndItsOtherFaultsAreFoundToo()
    {
        using var folder = new TestFolder();
        var check = RuleCheck.Run([folder.Write("proc_creation_win_a.yml", Sound.Replace("condition: all of selection_*", "condition: selection_x", StringComparison.Ordinal).Replace("- Unknown", "- none", StringComparison.Ordinal))]);
        Assert.Equal(0, check.Rules);
        Assert.Equal(["condition", "falsepositives-word"], check.Findings.Select(static f => f.Code).Order());
        Assert.True(check.HasErrors);
    }

    [Fact]
    public void All_Codes_AreEachOncePlainAndExplained()
    {
        var codes = ConventionList.All.Select(static c => c.Code).ToArray();
        Assert.Equal(codes.Length, codes.Distinct().Count());
        Assert.All(ConventionList.All, static c => Assert.True(c.Asks.EndsWith('.') && c.Code.All(static l => char.IsAsciiLetterLower(l) || char.IsAsciiDigit(l) || l == '-')));
        var types = typeof(Convention).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(Convention)) && !t.IsAbstract);
        Assert.Equal(types.Select(static t => t.Name).Order(), ConventionList.All.Select(static c => c.GetType().Name).Order());
        // A convention whose breach no case above shows is not tested.
        var shown = Cases.Select(static c => c.Data.Item1).Concat(["id-duplicate", "title-duplicate", "logic-duplicate", "filename"]);
        Assert.Equal(codes.Order(), shown.Distinct().Order());
    }

    private static IReadOnlyList<SigmaFault> Check(params string[] rules)
    {
        using var folder = new TestFolder();
        return RuleCheck.Run([.. rules.Select((r, i) => folder.Write($"proc_creation_win_{i}.yml", r))]).Findings;
    }
}
