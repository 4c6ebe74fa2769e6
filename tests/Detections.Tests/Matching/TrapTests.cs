using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Events;

namespace Beacon.Detections.Tests.Matching;

/// <summary>Where engines are known to differ from the specification.</summary>
public sealed class TrapTests
{
    private const string Sysmon = "Microsoft-Windows-Sysmon/Operational";

    [Theory]
    // An absent field under a negated filter.
    [InlineData("selection: {Image|endswith: '\\a.exe'}; filter_main: {ParentImage|endswith: '\\b.exe'}; condition: selection and not 1 of filter_*", "Image=C:\\a.exe", true)]
    [InlineData("selection: {Image|endswith: '\\a.exe'}; filter_main: {ParentImage|endswith: '\\b.exe'}; condition: selection and not 1 of filter_*", "Image=C:\\a.exe;ParentImage=C:\\b.exe", false)]
    // Escapes: a backslash before a wildcard, a backslash or an ordinary letter.
    [InlineData("selection: {Text: 'a\\*b'}; condition: selection", "Text=a*b", true)]
    [InlineData("selection: {Text: 'a\\*b'}; condition: selection", "Text=axb", false)]
    [InlineData("selection: {Text: 'a\\\\*b'}; condition: selection", "Text=a\\xxb", true)]
    [InlineData("selection: {Text: 'a\\?b'}; condition: selection", "Text=a?b", true)]
    [InlineData("selection: {Text|endswith: ' \\\\\\\\*\\\\*$'}; condition: selection", "Text=net use \\\\host\\share$", true)]
    [InlineData("selection: {Text|contains: '\\\\\\\\\\*\\\\IPC$'}; condition: selection", "Text=x \\\\*\\IPC$ y", true)]
    [InlineData("selection: {Text|contains: '\\\\\\\\\\?\\\\GLOBALROOT'}; condition: selection", "Text=copy \\\\?\\GLOBALROOT\\Device", true)]
    [InlineData("selection: {Text|contains: '\\\\\\\\\\?\\\\GLOBALROOT'}; condition: selection", "Text=copy \\\\.\\GLOBALROOT\\Device", false)]
    [InlineData("selection: {Text: 'C:\\Windows\\x'}; condition: selection", "Text=C:\\Windows\\x", true)]
    [InlineData("selection: {Text|endswith: '\\'}; condition: selection", "Text=C:\\", true)]
    // Wildcards inside a contains value, and at both its ends.
    [InlineData("selection: {Text|contains: 'a*c'}; condition: selection", "Text=xxabbbcxx", true)]
    [InlineData("selection: {Text|contains: 'a?c'}; condition: selection", "Text=xxabbcxx", false)]
    [InlineData("selection: {Text: '?'}; condition: selection", "Text=😀", true)]
    [InlineData("selection: {Text: '??'}; condition: selection", "Text=😀", false)]
    [InlineData("selection: {Text: '*'}; condition: selection", "Text=", true)]
    [InlineData("selection: {Text: '*'}; condition: selection", "Other=x", false)]
    [InlineData("selection: {Text: ''}; condition: selection", "Text=", true)]
    [InlineData("selection: {Text: ''}; condition: selection", "Other=x", false)]
    // Types that differ between rule and event.
    [InlineData("selection: {Initiated: 'true'}; condition: selection", "Initiated=#true", true)]
    [InlineData("selection: {Initiated: true}; condition: selection", "Initiated=True", true)]
    [InlineData("selection: {DestinationPort: 445}; condition: selection", "DestinationPort=445", true)]
    [InlineData("selection: {DestinationPort: '445'}; condition: selection", "DestinationPort=#445", true)]
    [InlineData("selection: {DestinationPort|gte: 400}; condition: selection", "DestinationPort=445", true)]
    [InlineData("selection: {DestinationPort|lt: 400}; condition: selection", "DestinationPort=none", false)]
    // Unnamed data is a list, any element counts; "all" may be met by different ones.
    [InlineData("selection: {Data|contains|all: [one, two]}; condition: selection", "Data=x one;Data=two y", true)]
    [InlineData("selection: {Data: two}; condition: selection", "Data=one;Data=two", true)]
    // Names with spaces answer without them.
    [InlineData("selection: {ThreatName|contains: 'mimi'}; condition: selection", "Threat Name=HackTool:Mimikatz", true)]
    [InlineData("selection: {'Threat Name|contains': 'mimi'}; condition: selection", "Threat Name=HackTool:Mimikatz", true)]
    // Nothing is trimmed.
    [InlineData("selection: {LogonProcessName: 'NtLmSsp'}; condition: selection", "LogonProcessName=NtLmSsp ", false)]
    [InlineData("selection: {LogonProcessName: 'NtLmSsp '}; condition: selection", "LogonProcessName=NtLmSsp ", true)]
    [InlineData("selection: {CommandLine|startswith: ' /c'}; condition: selection", "CommandLine= /c dir", true)]
    // References to other fields ignore case, and say where.
    [InlineData("selection: {SubjectUserName|fieldref: TargetUserName}; condition: selection", "SubjectUserName=Bob;TargetUserName=BOB", true)]
    [InlineData("selection: {SubjectUserName|fieldref: TargetUserName}; condition: selection", "SubjectUserName=Bob", false)]
    [InlineData("selection: {Image|fieldref|endswith: Name}; condition: selection", "Image=C:\\A.EXE;Name=a.exe", true)]
    // Case pairs of other scripts.
    [InlineData("selection: {Text|contains: 'MASSE'}; condition: selection", "Text=maße", false)]
    [InlineData("selection: {Text: 'MA\u1E9EE'}; condition: selection", "Text=maße", true)]
    [InlineData("selection: {Text: '\u212Aelvin'}; condition: selection", "Text=KELVIN", true)]
    [InlineData("selection: {Text: 'i'}; condition: selection", "Text=\u0130", false)]
    [InlineData("selection: {Text|contains: 'ТЕСТ'}; condition: selection", "Text=это тест", true)]
    [InlineData("selection: {Text|contains|cased: 'Abc'}; condition: selection", "Text=xabc", false)]
    // Null, absent and empty.
    [InlineData("selection: {Text: null}; condition: selection", "Other=x", true)]
    [InlineData("selection: {Text: null}; condition: selection", "Text=", false)]
    [InlineData("selection: {Text: []}; condition: selection", "Other=x", true)]
    [InlineData("selection: {Text|exists: true}; condition: selection", "Text=", true)]
    [InlineData("selection: {Text|neq: a}; condition: selection", "Text=A", false)]
    [InlineData("selection: {Text|neq: a}; condition: selection", "Text=b", true)]
    // Precedence, and words without case.
    [InlineData("s1: {A: 1}; s2: {B: 1}; s3: {C: 1}; condition: s1 or s2 and s3", "A=1", true)]
    [InlineData("s1: {A: 1}; s2: {B: 1}; s3: {C: 1}; condition: s1 OR s2 AND NOT s3", "B=1;C=1", false)]
    [InlineData("s1: {A: 1}; _s2: {B: 1}; condition: all of them", "A=1", true)]
    // Encodings.
    [InlineData("selection: {Text|base64offset|contains: 'http://'}; condition: selection", "Text=xx aHR0cDovL2V2aWw= yy", true)]
    [InlineData("selection: {Text|wide|base64offset|contains: 'iex'}; condition: selection", "Text=IABpAGUAeAAgAA==", true)]
    [InlineData("selection: {Text|base64: 'ping'}; condition: selection", "Text=cGluZw==", true)]
    [InlineData("selection: {Text|contains|windash: ' -create'}; condition: selection", "Text=schtasks /create", true)]
    [InlineData("selection: {Text|contains|windash: ' -create'}; condition: selection", "Text=schtasks \u2013create", true)]
    [InlineData("selection: {Ip|cidr: '10.0.0.0/8'}; condition: selection", "Ip=::ffff:10.1.2.3", true)]
    [InlineData("selection: {Ip|cidr: '10.0.0.0/8'}; condition: selection", "Ip=10.1", false)]
    [InlineData("selection: {Ip|cidr: 'fe80::/10'}; condition: selection", "Ip=febf::1", true)]
    // Keywords search every value.
    [InlineData("keywords: [mimikatz]; condition: keywords", "Some=x MIMIKATZ y", true)]
    [InlineData("keywords: {'|all': [one, two]}; condition: keywords", "A=one;B=two", true)]
    [InlineData("keywords: {'|all': [one, two]}; condition: keywords", "A=one", false)]
    // Times.
    [InlineData("selection: {UtcTime|hour: 3}; condition: selection", "UtcTime=2026-11-24 03:15:00.000", true)]
    [InlineData("selection: {UtcTime|hour|gte: 4}; condition: selection", "UtcTime=2026-11-24 03:15:00.000", false)]
    public void Match_Trap_GivesWhatTheSpecificationSays(string detection, string fields, bool expected)
    {
        var e = Event(Sysmon, 1, fields);
        Assert.Equal(expected, Match("product: windows", detection, e));
        Assert.Equal(expected, Match("{product: windows, category: process_creation}", detection, e));
    }

    [Theory]
    [InlineData("{product: windows, service: security}", "Security", 4624, true)]
    [InlineData("{product: windows, service: security}", "System", 4624, false)]
    [InlineData("{product: windows, category: file_delete}", Sysmon, 23, true)]
    [InlineData("{product: windows, category: file_delete}", Sysmon, 26, false)]
    [InlineData("{product: windows, category: registry_event}", Sysmon, 14, true)]
    [InlineData("{product: windows, category: process_creation}", "Security", 4688, false)]
    [InlineData("{product: linux}", Sysmon, 1, false)]
    [InlineData("{product: linux, category: process_creation}", Sysmon, 1, false)]
    [InlineData("{category: dns}", Sysmon, 22, false)]
    [InlineData("{product: windows}", "Anything", 1, true)]
    public void Match_LogSource_DecidesByChannelAndEventId(string source, string channel, int id, bool expected)
    {
        var e = Event(channel, id, "Image=x;process.executable=x");
        e.Add("winlog.provider_name", "Microsoft-Windows-Security-Auditing");
        e.Add("process.executable", "x");
        e.Add("dns.question.name", "x");
        e.Add("host.os.type", "linux");
        e.Add("event.category", "process");
        e.Add("event.type", "start");
        var field = source.Contains("dns", StringComparison.Ordinal) ? "query" : "Image";
        Assert.Equal(expected, Match(source, $"selection: {{{field}: x}}; condition: selection", e));
    }

    [Fact]
    public void Match_LeafOfUserData_AnswersByItsName()
    {
        var e = new SecurityEvent();
        e.Add("winlog.channel", "Microsoft-Windows-PrintService/Operational");
        e.Add("winlog.user_data.DocumentPrinted.Param1", "evil.dll");
        Assert.True(Match("{product: windows, service: printservice-operational}", "selection: {Param1|endswith: .dll}; condition: selection", e));
    }

    [Fact]
    public void Match_EventReadBeforeTheRuleNamedItsField_FindsTheFieldByName()
    {
        var e = new SecurityEvent();
        e.Add("winlog.channel", "Application");
        e.Add("winlog.event_data.NeverNamedBefore7", "hit");
        Assert.Equal(FieldId.None, e.FieldAt(1).IsKnown ? e.FieldAt(0) : FieldId.None);
        Assert.True(Match("{product: windows, service: application}", "selection: {NeverNamedBefore7: hit}; condition: selection", e));
    }

    [Fact]
    public void Explain_Match_SaysWhichSelectionFieldAndPlace()
    {
        var e = Event(Sysmon, 1, "CommandLine=cmd /c WHOAMI /all");
        var set = RuleSet.Compile(Read("product: windows", "selection_cmd: {CommandLine|contains: whoami}; condition: 1 of selection_*"));
        var matches = new List<CompiledRule>();
        set.Match(e, matches);
        var field = Assert.Single(set.Explain(e, matches[0]));
        Assert.Equal(("selection_cmd", "winlog.event_data.CommandLine", "WHOAMI"), (field.Selection, field.Field, field.Value.Substring(field.Start, field.Length)));
    }

    [Fact]
    public void Match_Steady_AllocatesNothing()
    {
        var set = RuleSet.Compile(Read("product: windows", "selection: {Image|endswith: '\\zzzz.exe'}; condition: selection"));
        var e = Event(Sysmon, 1, "Image=C:\\Windows\\System32\\cmd.exe;CommandLine=cmd /c dir;User=maße");
        var matches = new List<CompiledRule>();
        for (var i = 0; i < 100; i++) set.Match(e, matches);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) set.Match(e, matches);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Match(string source, string detection, SecurityEvent e)
    {
        var matches = new List<CompiledRule>();
        RuleSet.Compile(Read(source, detection)).Match(e, matches);
        return matches.Count > 0;
    }

    private static IReadOnlyList<SigmaRule> Read(string source, string detection)
    {
        var lines = string.Join("\n  ", detection.Split("; "));
        var result = SigmaReader.Read("trap.yml", $"title: T\nid: 11111111-1111-4111-8111-111111111111\nlevel: low\nlogsource: {(source[0] == '{' ? source : "{" + source + "}")}\ndetection:\n  {lines}\n");
        Assert.Empty(result.Faults);
        return result.Rules;
    }

    private static SecurityEvent Event(string channel, int id, string fields)
    {
        var e = new SecurityEvent();
        e.Add("winlog.channel", channel);
        e.Add("winlog.event_id", id.ToString(System.Globalization.CultureInfo.InvariantCulture), ValueKind.Number);
        foreach (var field in fields.Split(';'))
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            var value = field[(at + 1)..];
            if (value.StartsWith('#')) e.Add("winlog.event_data." + field[..at], value[1..], char.IsDigit(value[1]) ? ValueKind.Number : ValueKind.Boolean);
            else e.Add("winlog.event_data." + field[..at], value);
        }
        return e;
    }
}
