using Beacon.Detections.Matching;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Tests.Correlation;

namespace Beacon.Detections.Tests.Sigma.Pipelines;

public sealed class SigmaPipelinesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipelines");

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void Read_SeveralFiles_RunByPriorityThenInTheOrderGiven()
    {
        Write("a.yml", "name: last\npriority: 90\ntransformations: []\n");
        Write("b.yml", "name: second\ntransformations: []\n");
        Write("c.yml", "name: third\ntransformations: []\n---\nname: first\npriority: -5\ntransformations: []\n");
        var (pipelines, faults) = SigmaPipelines.Read([_folder.FullName]);
        Assert.Empty(faults);
        Assert.Equal(["first", "second", "third", "last"], pipelines.Names);
    }

    [Fact]
    public void Read_OneFaultyFile_LeavesTheOthers()
    {
        Write("bad.yml", "transformations: [{type: nothing}]\n");
        Write("good.yml", "name: good\ntransformations: []\n");
        var (pipelines, faults) = SigmaPipelines.Read([_folder.FullName, Path.Combine(_folder.FullName, "absent.yml")]);
        Assert.Equal(["good"], pipelines.Names);
        Assert.Equal([FaultCodes.Unknown, FaultCodes.Unreadable], faults.Select(static f => f.Code));
        Assert.EndsWith("bad.yml", faults[0].File, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_NoPipelineTouchesTheRule_IsTheRuleItself()
    {
        var (pipelines, _) = SigmaPipelines.ReadText("p.yml", "transformations: [{type: field_name_suffix, suffix: x, rule_conditions: [{type: logsource, product: other}]}]\n");
        var rule = Bench.Rule("selection: {CommandLine: a}; condition: selection", "{product: windows, category: process_creation}");
        var bound = pipelines.Bind(rule);
        Assert.Same(rule, bound.Rule);
        Assert.Same(SigmaPipelines.BuiltIn.Bind(rule).Binding, bound.Binding);
        Assert.Empty(bound.Pipelines);
    }

    [Fact]
    public void Bind_RenamedFields_MatchTheInstallationsEventsEndToEnd()
    {
        var path = Write("edr.yml", """
            name: our agent
            priority: 20
            transformations:
              - id: agent_events
                type: add_condition
                conditions:
                  agent.kind: edr
                  ev: [proc_start, proc_exec]
                rule_conditions: &processes
                  - type: logsource
                    product: windows
                    category: process_creation
              - type: field_name_mapping
                mapping:
                  CommandLine: cmd
                  Image: [img.path, img.name]
                rule_conditions: *processes
              - type: change_logsource
                product: our-agent
                rule_conditions: *processes
            """);
        var (pipelines, faults) = SigmaPipelines.Read([path]);
        Assert.Empty(faults);
        var rule = Bench.Rule("selection: {Image|endswith: '\\whoami.exe', CommandLine|contains: all, Own: 1}; condition: selection", "{product: windows, category: process_creation}");
        var bound = pipelines.Bind(rule);
        Assert.Equal(["our agent"], bound.Pipelines);
        // The added condition chooses events before the rule is looked at.
        Assert.Equal("agent.kind Equal edr and ev Equal proc_start|proc_exec", bound.Binding.Key);
        var set = RuleSet.Compile([rule], pipelines);
        Assert.Null(set.Rules[0].BlindReason);
        Assert.True(Bench.Match(set, Bench.Event("agent.kind=edr;ev=proc_exec;img.path=C:\\whoami.exe;cmd=whoami /all;Own=1")));
        Assert.False(Bench.Match(set, Bench.Event("agent.kind=edr;ev=proc_end;img.path=C:\\whoami.exe;cmd=whoami /all;Own=1")));
        var found = set.Explain(Bench.Event("agent.kind=edr;ev=proc_exec;img.name=C:\\whoami.exe;cmd=whoami /all;Own=1"), set.Rules[0]);
        Assert.Contains(found, static f => f.Field == "img.name");
    }

    [Fact]
    public void Bind_NameThatAPipelineGave_IsTheEventsOwnUnlessATableKnowsIt()
    {
        var (pipelines, _) = SigmaPipelines.ReadText("p.yml", "transformations: [{type: field_name_mapping, mapping: {cmd: CommandLine, proc: my.process, eid: EventID}}]\n");
        var fields = pipelines.Bind(Bench.Rule("selection: {proc: a, eid: 1, Other: 2}; condition: selection", "{product: windows}")).Binding.Fields;
        // Outside of the detection, as in a correlation, names are bound in the same way.
        Assert.Equal(["my.process"], fields("proc"));
        Assert.Equal(["winlog.event_id"], fields("eid"));
        Assert.Equal(["winlog.event_data.Other"], fields("Other"));
        var linux = pipelines.Bind(Bench.Rule("selection: {cmd: a}; condition: selection", "{product: linux, category: process_creation}")).Binding.Fields;
        Assert.Equal(["process.command_line"], linux("cmd"));
        Assert.Equal(["process.executable"], linux("Image"));
    }

    [Fact]
    public void Bind_GroupFieldOfACorrelation_IsNamedAsInItsRules()
    {
        var (pipelines, faults) = SigmaPipelines.ReadText("p.yml", "transformations: [{type: field_name_mapping, mapping: {Peer: [net.from, net.peer]}, rule_conditions: [{type: logsource, product: linux}]}]\n");
        Assert.Empty(faults);
        var rule = Timeline.Rule("event_count", "[a]", "{gte: 2}", groupBy: "[Peer]");
        Assert.Equal("1=2 4=2", new Timeline(rule, pipelines: pipelines).Play("0:a:net.from=x 1:a:net.peer=x 2:a:Peer=y 3:a:net.from=z 4:a:net.from=z").Answer());
    }

    [Fact]
    public void Bind_FieldThatNothingFeeds_IsBlindWithItsName()
    {
        var (pipelines, _) = SigmaPipelines.ReadText("p.yml", "transformations: [{type: set_state, key: a, val: 1}]\n");
        var rule = Bench.Rule("selection: {Colour: red}; condition: selection", "{product: linux, category: process_creation}");
        Assert.Equal("no event of linux / process_creation carries the field Colour", Bench.Blind(pipelines, rule));
        Assert.Equal("no event of linux / process_creation carries the field Colour", Bench.Blind(SigmaPipelines.BuiltIn, rule));
    }

    [Fact]
    public void Bind_LongNames_AreRefusedNotThrown()
    {
        var (pipelines, _) = SigmaPipelines.ReadText("p.yml", "transformations:\n" + string.Concat(Enumerable.Repeat($"  - {{type: field_name_suffix, suffix: {new string('é', 100)}}}\n", 3))
            + "  - {type: add_condition, conditions: {event.module: acme}, rule_conditions: [{type: logsource, product: acme}]}\n");
        Assert.Contains("longer than 512 bytes", Bench.Blind(pipelines, Bench.Rule("selection: {A: 1}; condition: selection")), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShippedPipelineByName_SeesBothSysmonAndSecurityEvents()
    {
        var (pipelines, faults) = SigmaPipelines.Read(["windows-security-4688"]);
        Assert.Empty(faults);
        var rule = Bench.Rule("selection: {Image|endswith: '\\cmd.exe', CommandLine|contains: '/c', User|contains: svc}; filter: {ParentImage|endswith: '\\ok.exe'}; condition: selection and not filter", "{product: windows, category: process_creation}");
        var set = RuleSet.Compile([rule], pipelines);
        Assert.True(Bench.Match(set, Bench.Event("winlog.channel=Security;winlog.event_id=#4688;winlog.event_data.NewProcessName=C:\\cmd.exe;winlog.event_data.CommandLine=cmd /c x;winlog.event_data.SubjectUserName=svc")));
        Assert.True(Bench.Match(set, Bench.Event("winlog.channel=Microsoft-Windows-Sysmon/Operational;winlog.event_id=#1;winlog.event_data.Image=C:\\cmd.exe;winlog.event_data.CommandLine=cmd /c x;winlog.event_data.User=A\\svc")));
        Assert.False(Bench.Match(set, Bench.Event("winlog.channel=Security;winlog.event_id=#4688;winlog.event_data.NewProcessName=C:\\cmd.exe;winlog.event_data.CommandLine=cmd /c x;winlog.event_data.SubjectUserName=svc;winlog.event_data.ParentProcessName=C:\\ok.exe")));
        Assert.False(Bench.Match(set, Bench.Event("winlog.channel=Security;winlog.event_id=#4689;winlog.event_data.NewProcessName=C:\\cmd.exe;winlog.event_data.CommandLine=cmd /c x;winlog.event_data.SubjectUserName=svc")));
        Assert.False(Bench.Match(RuleSet.Compile([rule]), Bench.Event("winlog.channel=Security;winlog.event_id=#4688;winlog.event_data.NewProcessName=C:\\cmd.exe;winlog.event_data.CommandLine=cmd /c x;winlog.event_data.SubjectUserName=svc")));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
