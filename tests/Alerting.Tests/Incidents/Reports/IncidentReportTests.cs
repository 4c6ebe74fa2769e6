using System.Text.Json;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Warnings;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents.Reports;

public sealed class IncidentReportTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);

    private readonly TestHouse _house = new(assets: StoryTests.Plant);

    private IIncidentReports Reports => _house.Get<IIncidentReports>();

    private async Task<long> StoryAsync()
    {
        foreach (var detection in StoryTests.Detections) await _house.TakeAsync(detection);
        var incident = (await _house.Incidents.ListAsync(new IncidentQuery())).Items.MaxBy(i => i.AlertCount)!;
        await _house.Incidents.AddNoteAsync(incident.Id, "<script>alert(1)</script> | # \u202Ehidden", Ann);
        await _house.Get<IIncidentWork>().CommentAsync(incident.Id, "[a](javascript:x)", Ann);
        await _house.Incidents.AddTaskAsync(incident.Id, "ring the plant", "bo", Ann);
        return incident.Id;
    }

    private async Task<string> TextAsync(long id, ReportFormat format) => (await Reports.WriteAsync(id, format, "TLP:AMBER", Ann)).Value!.Text;

    [Fact]
    public async Task WriteAsync_Stix_HasWhatTheStandardRequiresAndIsTheSameAgain()
    {
        var id = await StoryAsync();
        var text = await TextAsync(id, ReportFormat.Stix);
        Assert.Empty(StixCheck.Faults(text));
        Assert.Equal(text, await TextAsync(id, ReportFormat.Stix));
        using var bundle = JsonDocument.Parse(text);
        var types = bundle.RootElement.GetProperty("objects").EnumerateArray().Select(o => o.GetProperty("type").GetString()).ToHashSet();
        Assert.Subset(types, new HashSet<string?>(["identity", "marking-definition", "incident", "observed-data", "ipv4-addr", "indicator", "sighting", "attack-pattern", "course-of-action", "note", "report"]));
    }

    [Theory]
    [InlineData("TLP:CLEAR")]
    [InlineData("TLP:GREEN")]
    [InlineData("TLP:AMBER")]
    [InlineData("TLP:AMBER+STRICT")]
    [InlineData("TLP:RED")]
    public async Task WriteAsync_StixOfAnyMarking_CarriesThePublishedObject(string tlp)
    {
        var id = await StoryAsync();
        var warning = (await _house.Warnings.ListAsync(new WarningQuery { IncidentId = id }))[0];
        if (tlp != warning.Tlp) Assert.True((await _house.Warnings.EditAsync(warning.Id, warning.Version, new WarningEdit { Tlp = tlp }, new Actor("root", [RoleNames.Administrator]), "as agreed")).Done);
        var text = (await Reports.WriteAsync(id, ReportFormat.Stix, "TLP:RED", Ann)).Value!.Text;
        Assert.Empty(StixCheck.Faults(text));
        using var bundle = JsonDocument.Parse(text);
        Assert.Equal("marking-definition--" + StixCheck.Tlp[tlp[4..].ToLowerInvariant()], Assert.Single(bundle.RootElement.GetProperty("objects").EnumerateArray(), o => o.GetProperty("type").GetString() == "marking-definition").GetProperty("id").GetString());
    }

    [Fact]
    public async Task WriteAsync_StixOfOddNames_GivesThemTheirIdsAndNoFalseDomain()
    {
        await _house.TakeAsync(Detections.Of(related: [new Entity(EntityKind.User, "o'hara \"+\" müller\\<x>"), new Entity(EntityKind.Host, "no name & no domain"), new Entity(EntityKind.Host, "files.example.org"), new Entity(EntityKind.Address, "2001:db8::5"), new Entity(EntityKind.Address, "198.51.100.3")]));
        var text = await TextAsync((await _house.Incidents.ListAsync(new IncidentQuery())).Items[0].Id, ReportFormat.Stix);
        Assert.Empty(StixCheck.Faults(text));
        Assert.Contains("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", text, StringComparison.Ordinal);
        Assert.DoesNotContain("no domain", text, StringComparison.Ordinal);
        Assert.Contains("files.example.org", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_StixOfTheSameNumberElsewhere_HasOtherIds()
    {
        using var other = new TestHouse(assets: StoryTests.Plant);
        other.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var house in new[] { _house, other }) await house.TakeAsync(Detections.Of());
        var ids = new List<string>();
        foreach (var house in new[] { _house, other })
        {
            var incident = (await house.Incidents.ListAsync(new IncidentQuery())).Items[0];
            using var bundle = JsonDocument.Parse((await house.Get<IIncidentReports>().WriteAsync(incident.Id, ReportFormat.Stix, "TLP:RED", Ann)).Value!.Text);
            ids.AddRange(bundle.RootElement.GetProperty("objects").EnumerateArray().Where(o => o.GetProperty("type").GetString() is "incident" or "report" or "attack-pattern").Select(o => o.GetProperty("id").GetString()!));
        }
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.True(ids.Count >= 4);
    }

    [Theory]
    [InlineData("\"tlp_2_0\": \"amber\"", "\"tlp_2_0\": \"green\"", "is not TLP:green")]
    [InlineData("\"type\": \"report\"", "\"type\": \"rapport\"", "unknown type")]
    [InlineData("\"pattern_type\"", "\"pattern_kind\"", "indicator has no pattern_kind")]
    [InlineData("\"spec_version\": \"2.1\"", "\"spec_version\": \"2.0\"", "spec_version")]
    [InlineData("\"ipv4-addr--", "\"ipv4-addr--00000000-", "the id is not")]
    [InlineData("[ipv4-addr:value = ", "[ipv4-addr:value == ", "the pattern is not one")]
    public async Task Faults_OneThingChanged_NameIt(string what, string to, string expected)
    {
        var text = await TextAsync(await StoryAsync(), ReportFormat.Stix);
        Assert.Contains(what, text, StringComparison.Ordinal);
        Assert.Contains(StixCheck.Faults(text.Replace(what, to, StringComparison.Ordinal)), f => f.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Faults_BrokenBundle_AreFound()
    {
        const string Broken = """
            {"type":"bundle","id":"bundle--6f0c1d0e-6d0f-4a55-9f4e-2c3b7a86d1e4","objects":[
              {"type":"report","spec_version":"2.1","id":"report--6f0c1d0e-6d0f-4a55-9f4e-2c3b7a86d1e4","created":"yesterday","modified":"2026-01-01T00:00:00.000Z","name":"r","object_refs":["incident--x"]}]}
            """;
        var faults = StixCheck.Faults(Broken.Replace("yesterday", "2026-02-01T00:00:00Z", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("published is missing", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("leads nowhere", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("created is no timestamp", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("modified is before created", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_Html_EncodesEverythingAndLoadsNothing()
    {
        var text = await TextAsync(await StoryAsync(), ReportFormat.Html);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', text);
        Assert.Contains("[U+202E]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", text, StringComparison.Ordinal);
        Assert.Contains("TLP:AMBER", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_Markdown_EscapesWhatOthersWrote()
    {
        var text = await TextAsync(await StoryAsync(), ReportFormat.Markdown);
        Assert.Contains("\\<script\\>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[a](javascript:", text, StringComparison.Ordinal);
        Assert.Contains("ring the plant", text, StringComparison.Ordinal);
        Assert.Contains("chain intact", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_InAnUnknownLanguage_IsRefusedAndNamesTheKnown()
    {
        var id = await StoryAsync();
        var refused = (await Reports.WriteAsync(id, ReportFormat.Html, "TLP:RED", Ann, "zh-Hans")).Refusal!;
        Assert.Equal((RefusalKind.Invalid, "language is one of en"), (refused.Kind, refused.Message.ToString()));
        Assert.DoesNotContain(await _house.Incidents.TimelineAsync(id), e => e.Kind == TimelineKind.Report);
    }

    [Theory]
    [InlineData("TLP:CLEAR", RefusalKind.Forbidden)]
    [InlineData("green", RefusalKind.Forbidden)]
    [InlineData("secret", RefusalKind.Invalid)]
    public async Task WriteAsync_ForAWiderCircle_IsRefused(string clearance, RefusalKind kind)
    {
        var id = await StoryAsync();
        Assert.Equal(kind, (await Reports.WriteAsync(id, ReportFormat.Markdown, clearance, Ann)).Refusal!.Kind);
        Assert.DoesNotContain(await _house.Incidents.TimelineAsync(id), e => e.Kind == TimelineKind.Report);
        Assert.True((await Reports.WriteAsync(id, ReportFormat.Markdown, "TLP:RED", Ann)).Done);
        Assert.Contains(await _house.Incidents.TimelineAsync(id), e => e.Kind == TimelineKind.Report);
    }

    [Theory]
    [InlineData("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2")]
    public void Version5_KnownName_GivesTheKnownUuid(string space, string name, string uuid) => Assert.Equal(new Guid(uuid), StixIds.Version5(new Guid(space), name));

    public void Dispose() => _house.Dispose();
}
