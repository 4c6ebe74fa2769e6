using Beacon.Alerting;
using System.Text.RegularExpressions;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Desks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Incidents.Observables;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Playbooks.Imports;
using Beacon.Alerting.Warnings;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Console.Pages.Sources;
using Beacon.Web.Console.Text;
using Beacon.Web.Security;

namespace Beacon.Web.Tests.Text;

/// <summary>Every key that a page asks for is there, and every key that is there is asked for.</summary>
public sealed partial class KeyTests
{
    private static readonly string[] Receivers = ["syslog-udp", "syslog-tcp", "file", "http", "evtx"];

    // A key made of a prefix and a value, as pages write T["Status" + alert.Status]: all values that can stand there.
    private static readonly Dictionary<(string Resource, string Prefix), string[]> Composed = new()
    {
        [("LiveText", "Tab")] = ["needs", "mine", "shelved", "closed"], [("LiveText", "Empty")] = ["needs", "mine", "shelved", "closed"], [("LiveText", "EmptyWhat")] = ["needs", "mine", "shelved", "closed"],
        [("WallText", "Waits")] = ["Approval", "Person", "None"],
        [("LiveText", "Short")] = Enum.GetNames<Disposition>(), [("LiveText", "Away")] = Enum.GetNames<ChangeKind>(), [("LiveText", "Shift")] = Enum.GetNames<ShiftLineKind>(), [("LiveText", "Case")] = Enum.GetNames<IncidentStatus>(),
        [("LiveText", "Band")] = [.. Enum.GetNames<UrgencyBand>(), .. Enum.GetNames<UrgencyBand>().Select(b => b + "What")],
        [("LiveText", "Status")] = Enum.GetNames<AlertStatus>(), [("LiveText", "Ended")] = Enum.GetNames<Disposition>(), [("LiveText", "Factor")] = Enum.GetNames<UrgencyFactor>(),
        [("LiveText", "Cause")] = [.. Enum.GetNames<DispositionCause>().Where(c => c != "Unstated")],
        [("LiveText", "Importance")] = Enum.GetNames<AssetImportance>(), [("LiveText", "Kind")] = Enum.GetNames<EntityKind>(),
        [("LiveText", "Did")] = ["acknowledge", "assign", "escalate", "dismiss", "shelve", "unshelve", "undo"],
        [("IncidentText", "Tab")] = ["timeline", "alerts", "tasks", "entities", "evidence", "related", "clocks", "report"], [("IncidentText", "Report")] = ["html", "md", "stix"], [("IncidentText", "Status")] = Enum.GetNames<IncidentStatus>(),
        [("IncidentText", "Importance")] = Enum.GetNames<AssetImportance>(), [("IncidentText", "Kind")] = Enum.GetNames<EntityKind>(),
        [("IncidentText", "Run")] = Enum.GetNames<RunStatus>(), [("IncidentText", "Step")] = Enum.GetNames<StepStatus>(), [("IncidentText", "Mode")] = Enum.GetNames<RunMode>(), [("IncidentText", "First")] = Enum.GetNames<FirstStepKind>(), [("IncidentText", "Edge")] = ["true", "false", "failure"],
        [("IncidentText", "Group")] = [.. TimelineView.Groups], [("IncidentText", "Kindof")] = Enum.GetNames<TimelineKind>(), [("IncidentText", "Mark")] = Enum.GetNames<ObservableMark>(), [("IncidentText", "Obs")] = Enum.GetNames<ObservableKind>(),
        [("IncidentText", "Tie")] = Enum.GetNames<IncidentLinkKind>(), [("IncidentText", "Way")] = ["tie", "merge", "split"], [("IncidentText", "WayWhat")] = ["tie", "merge", "split"], [("IncidentText", "WayDo")] = ["tie", "merge", "split"],
        [("IncidentText", "Custody")] = Enum.GetNames<CustodyAction>(), [("IncidentText", "Waits")] = Enum.GetNames<ClockBasis>(), [("IncidentText", "ModeShort")] = Enum.GetNames<RunMode>(),
        [("NotificationsText", "Tab")] = ["told", "dead", "setup"], [("NotificationsText", "Kind")] = Enum.GetNames<NoticeKind>(), [("NotificationsText", "Status")] = Enum.GetNames<DeliveryStatus>(),
        [("PlaybooksText", "Tab")] = ["path", "drills", "versions"], [("PlaybooksText", "Job")] = ["Running", "Passed", "Failed", "Broken"], [("PlaybooksText", "Diff")] = Enum.GetNames<StepChangeKind>(),
        [("PlaybooksText", "Type")] = ["if-condition", "while-condition", "switch-condition", "parallel", "playbook-action"], [("MarkText", "Found")] = [.. AlertWords.Found.Select(f => f.Key)], [("MarkText", "Span")] = ["Seconds", "Minutes", "Hours", "Days"], [("MarkText", "Category")] = [.. WarningCategories.All],
        [("TimelineText", "Say")] = [.. TimelineForms.All.Select(f => f.Key)], [("TimelineText", "Status")] = Enum.GetNames<IncidentStatus>(), [("TimelineText", "Mark")] = Enum.GetNames<ObservableMark>(),
        [("TimelineText", "Tie")] = ["Related", "Duplicate", "CausedBy", "Caused"],
        [("PlaybooksText", "Stage")] = ["event", "detection", "warning", "acknowledgement", "run", "approval", "step", "end", "lift"],
        [("WarningsText", "State")] = Enum.GetNames<WarningState>(), [("WarningsText", "Importance")] = Enum.GetNames<AssetImportance>(), [("WarningsText", "Damage")] = Enum.GetNames<DamageGrade>(),
        [("WarningsText", "Step")] = ["draft", "issue", "adjust", "propose", "sign", "refuse", "lift", "note", "edit", "remind", "escalate"],
        [("WarningsText", "Tactic")] = ["reconnaissance", "resource-development", "initial-access", "execution", "persistence", "privilege-escalation", "defense-evasion", "stealth", "defense-impairment", "evasion", "credential-access", "discovery", "lateral-movement", "collection", "command-and-control", "exfiltration", "impact", "impair-process-control", "inhibit-response-function"],
        [("WarningsText", "Title")] = [.. WarningCategories.Titles.Select(t => t.Name)], [("WarningsText", "Share")] = ["software", "zone", "owner", "account"],
        [("WarningsText", "Role")] = [.. RoleNames.Ranked],
        [("CoverageText", "Waits")] = ["Draft", "Test", "Staged"], [("CoverageText", "State")] = Enum.GetNames<Beacon.Web.Console.Pages.Coverage.CoverageState>(), [("AssetsText", "Grade")] = Enum.GetNames<AssetImportance>(), [("RulesText", "Pack")] = [.. Beacon.Web.Console.Pages.Rules.RulePack.All], [("RulesText", "State")] = Enum.GetNames<WindowState>(),
        [("RulesText", "Stage")] = Enum.GetNames<RuleStage>(), [("RulesText", "StageWhat")] = Enum.GetNames<RuleStage>(), [("RulesText", "Move")] = Enum.GetNames<RuleStage>(), [("RulesText", "Moved")] = Enum.GetNames<RuleStage>(),
        [("RulesText", "Untried")] = Enum.GetNames<TrialKind>(), [("RulesText", "Tried")] = Enum.GetNames<TrialKind>(), [("RulesText", "NotTried")] = Enum.GetNames<TrialKind>(), [("RulesText", "TriedBefore")] = Enum.GetNames<TrialKind>(),
        [("RulesText", "Except")] = Enum.GetNames<ConditionOperator>(), [("RulesText", "Remedy")] = Enum.GetNames<RemedyKind>(), [("RulesText", "Noise")] = ["few", "good", "fair", "overload"], [("RulesText", "Tab")] = ["cases", "backtest", "diff", "query"],
        [("ShellText", "Role")] = [.. UserDirectory.KnownRoles], [("ShellText", "Jump")] = Enum.GetNames<Beacon.Web.Console.Shell.Jump.JumpKind>(), [("PeopleText", "Role")] = [.. UserDirectory.KnownRoles], [("PeopleText", "Can")] = [.. UserDirectory.KnownRoles], [("PeopleText", "Scope")] = [.. ApiScopes.All], [("PeopleText", "May")] = [.. ApiScopes.All],
        [("PeopleText", "Refused")] = [.. Enum.GetNames<PeopleRefusal>().Where(r => r != "None")],
        [("SourcesText", "Short")] = Receivers,
        [("SourcesText", "Is")] = [.. SourceChoice.All.Select(c => c.Id), .. SourceChoice.All.Select(c => c.Id + "What")], [("SourcesText", "State")] = Enum.GetNames<SourceMark>(), [("SourcesText", "Sum")] = Enum.GetNames<SourceMark>(),
        [("SourcesText", "Why")] = Enum.GetNames<SilenceReason>(), [("SourcesText", "Check")] = Enum.GetNames<SilenceReason>(), [("SourcesText", "Reach")] = Enum.GetNames<ReachOutcome>(),
        [("SearchText", "Of")] = Beacon.Web.Console.Pages.Search.SearchFindings.FacetFields, [("SearchText", "Span")] = ["15m", "1h", "24h", "7d", "30d", "all", "custom"],
    };

    // Marks whose whole key is a value: T[Name], Mark[level.ToString()].
    private static readonly Dictionary<string, string[]> Whole = new() { ["MarkText"] = [.. Enum.GetNames<WarningLevel>(), .. Enum.GetNames<Severity>(), .. Enum.GetNames<RuleStage>()] };

    private static readonly IReadOnlyList<Asked> All = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "web"), "*.*", SearchOption.AllDirectories)
        .Where(f => (f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal)) && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
        .SelectMany(f => Read(Path.GetFileName(f), string.Concat(new[] { f }.Concat(Behind(f)).Select(File.ReadAllText))))];

    // "X.Keys.cs" beside "X.razor" is a part of the page.
    private static string[] Behind(string file) => file.EndsWith(".razor", StringComparison.Ordinal) ? Directory.GetFiles(Path.GetDirectoryName(file)!, Path.GetFileNameWithoutExtension(file) + ".*.cs") : [];

    [Fact]
    public void Keys_AskedFor_AreThere() =>
        Assert.Empty(All.Where(a => !a.IsPrefix && !a.IsHint && !ResourceFiles.English[a.Resource].ContainsKey(a.Key)).Select(a => $"{a.File}: {a.Resource}.{a.Key}"));

    [Fact]
    public void Keys_Composed_AreThereForEveryValue()
    {
        Assert.Empty(All.Where(a => a.IsPrefix && !Composed.ContainsKey((a.Resource, a.Key))).Select(a => $"{a.File}: the values behind {a.Resource}.{a.Key}… are not listed here"));
        var wanted = Composed.SelectMany(c => c.Value.Select(v => (c.Key.Resource, Key: c.Key.Prefix + v))).Concat(Whole.SelectMany(w => w.Value.Select(v => (Resource: w.Key, Key: v))));
        Assert.Empty(wanted.Where(w => !ResourceFiles.English[w.Resource].ContainsKey(w.Key)).Select(w => $"{w.Resource}.{w.Key}"));
    }

    [Fact]
    public void Keys_ThatAreThere_AreAskedFor()
    {
        var used = All.Where(a => !a.IsPrefix).Select(a => (a.Resource, a.Key)).ToHashSet();
        foreach (var (resource, prefix) in All.Where(a => a.IsPrefix).Select(a => (a.Resource, a.Key)).Where(Composed.ContainsKey)) used.UnionWith(Composed[(resource, prefix)].Select(v => (resource, prefix + v)));
        foreach (var (resource, values) in Whole) used.UnionWith(values.Select(v => (resource, v)));
        Assert.Empty(from file in ResourceFiles.English from key in file.Value.Keys where !used.Contains((file.Key, key)) select $"{file.Key}.{key}");
    }

    [Fact]
    public void Read_EachWayOfAsking_IsSeen()
    {
        var asked = Read("x.razor", """
            @inject IStringLocalizer<LiveText> T
            @T["Plain"] @T["With", 1] @T["Pre" + value] @T[on ? "One" : "Two", 3] @code { Do("Later"); }
            """).ToList();
        Assert.Equal(["Plain", "With"], asked.Where(a => a is { IsPrefix: false, IsHint: false }).Select(a => a.Key));
        Assert.Equal(["Pre"], asked.Where(a => a.IsPrefix).Select(a => a.Key));
        Assert.Superset(new HashSet<string> { "One", "Two", "Later" }, asked.Where(a => a.IsHint).Select(a => a.Key).ToHashSet());
    }

    /// <param name="IsPrefix">The beginning of a composed key.</param>
    /// <param name="IsHint">A literal of the file that may reach the localizer by a variable.</param>
    private sealed record Asked(string File, string Resource, string Key, bool IsPrefix, bool IsHint);

    private static IEnumerable<Asked> Read(string file, string text)
    {
        foreach (Match injected in Injection().Matches(text))
        {
            var (resource, variable) = (injected.Groups[1].Value, injected.Groups[2].Value);
            foreach (Match m in Regex.Matches(text, $@"\b{variable}\[""([^""]+)""(\s*\+)?")) yield return new(file, resource, m.Groups[1].Value, m.Groups[2].Success, IsHint: false);
            foreach (Match m in Literal().Matches(text)) yield return new(file, resource, m.Groups[1].Value, IsPrefix: false, IsHint: true);
        }
    }

    [GeneratedRegex(@"IStringLocalizer<(\w+)>\s+(\w+)")]
    private static partial Regex Injection();

    [GeneratedRegex("\"([A-Za-z][A-Za-z0-9-]*)\"")]
    private static partial Regex Literal();
}
