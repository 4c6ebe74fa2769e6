using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Beacon.Alerting;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

/// <summary>Reports in the reader's language: none of our own words stays English in a Chinese one.</summary>
public sealed partial class ReportLanguageTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static readonly Actor Wei = new("wei", [RoleNames.Operator, RoleNames.Responder, RoleNames.Supervisor, RoleNames.Administrator]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private T Get<T>() where T : notnull => beacon.Host.Services.GetRequiredService<T>();

    [Theory]
    [InlineData(ReportFormat.Html)]
    [InlineData(ReportFormat.Markdown)]
    public async Task WriteAsync_InChinese_HasNoEnglishWordOfOurs(ReportFormat format)
    {
        var id = await WorkedOnAsync();
        var (english, chinese) = (await TextAsync(id, format, "en"), await TextAsync(id, format, "zh-Hans"));
        Assert.Empty(Words(chinese));
        // What is looked for is there in English.
        Assert.Superset(new HashSet<string>(["Severity", "Detection", "Affected", "Timeline", "chain", "intact", "took"]), Words(english));
    }

    [Fact]
    public async Task WriteAsync_Html_NamesItsLanguage()
    {
        var id = (await beacon.IncidentAsync(Stop)).Id;
        Assert.Contains("<html lang=\"zh-Hans\">", await TextAsync(id, ReportFormat.Html, "zh-Hans"), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh-Hans\">", await TextAsync(id, ReportFormat.Html, "ZH-hans"), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", await TextAsync(id, ReportFormat.Html, "en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_HostileTextInChinese_StaysText()
    {
        var id = (await beacon.IncidentAsync(Stop)).Id;
        await Get<IIncidentService>().AddNoteAsync(id, "<script>alert(1)</script> {0} | \u202Ehidden", Wei, Stop);
        var html = await TextAsync(id, ReportFormat.Html, "zh-Hans");
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; {0} | [U+202E]hidden", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_Stix_IsTheSameInEachLanguage()
    {
        var id = await WorkedOnAsync();
        Assert.Equal(await TextAsync(id, ReportFormat.Stix, "en"), await TextAsync(id, ReportFormat.Stix, "zh-Hans"));
    }

    [Fact]
    public async Task Api_Language_IsChosenAndAnUnknownOneRefused()
    {
        var id = (await beacon.IncidentAsync(Stop)).Id;
        await Get<IClockService>().AwareAsync(id, TimeProvider.System.GetUtcNow().AddMinutes(-5), "eu-nis2", Wei, "rang us", Stop);
        var clock = (await Get<IClockService>().ListAsync(id, Stop))[0].Id;
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        foreach (var (path, said) in new[] { ($"/api/v1/incidents/{id}/report?format=html", "严重性"), ($"/api/v1/clocks/{clock}/report?x=1", "截止时间") })
        {
            var chinese = await client.GetStringAsync(new Uri(path + "&language=zh-Hans", UriKind.Relative), Stop);
            Assert.Contains(said, chinese, StringComparison.Ordinal);
            using var refused = await client.GetAsync(new Uri(path + "&language=xx", UriKind.Relative), Stop);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("language is one of en, zh-Hans", JsonDocument.Parse(await refused.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task DraftAsync_InChinese_SaysWhatIsKnownAndWhatIsMissing()
    {
        var id = await WorkedOnAsync();
        foreach (var clock in await Get<IClockService>().ListAsync(id, Stop))
        {
            var draft = (await Get<IClockService>().DraftAsync(clock.Id, "zh-Hans", Stop))!;
            Assert.Empty(Words(draft.Markdown));
            Assert.Contains("**[待填写]**", draft.Markdown, StringComparison.Ordinal);
            Assert.Equal((await Get<IClockService>().DraftAsync(clock.Id, cancellation: Stop))!.Missing.Count, draft.Missing.Count);
            Assert.Empty(draft.Missing.SelectMany(Words));
        }
    }

    private async Task<long> WorkedOnAsync()
    {
        var (incidents, work) = (Get<IIncidentService>(), Get<IIncidentWork>());
        var (id, other) = ((await beacon.IncidentAsync(Stop)).Id, (await beacon.IncidentAsync(Stop)).Id);
        async Task EditAsync(IncidentEdit edit) => Assert.True((await incidents.EditAsync(id, (await incidents.FindAsync(id, Stop))!.Summary.Version, edit, Wei, "", Stop)).Done);
        await EditAsync(new IncidentEdit { Owner = "wei" });
        await EditAsync(new IncidentEdit { Status = IncidentStatus.Respond });
        var task = await incidents.AddTaskAsync(id, "打电话", "ann", Wei, TimeProvider.System.GetUtcNow().AddHours(1), Stop);
        await incidents.AddTaskAsync(id, "写报告", null, Wei, null, Stop);
        await incidents.CompleteTaskAsync(id, task.Value!.Id, Wei, Stop);
        await work.LinkAsync(id, other, IncidentLinkKind.CausedBy, Wei, "同一小时", Stop);
        await work.AddEntityAsync(id, new Entity(EntityKind.Address, "203.0.113.9"), Wei, "见日志", Stop);
        await work.HandOverAsync(id, (await incidents.FindAsync(id, Stop))!.Summary.Version, "ann", "交接", Wei, Stop);
        var evidence = Get<IIncidentEvidence>();
        var item = await evidence.AddFileAsync(id, "auth.log", "text/plain", "日志", new MemoryStream([1, 2, 3]), Wei, Stop);
        await evidence.RemoveAsync(id, item.Value!.Id, item.Value.Version, Wei, "与本事件无关", Stop);
        Assert.True((await Get<IPlaybookEngine>().StartAsync(new RunRequest("playbook--76cc9918-ad36-4e37-9287-db894c00fb68", id, Mode: RunMode.DryRun), Wei, Stop)).Done);
        Assert.True((await Get<IClockService>().AwareAsync(id, TimeProvider.System.GetUtcNow().AddMinutes(-5), "cn-critical", Wei, "电话通知", Stop)).Done);
        return id;
    }

    private async Task<string> TextAsync(long id, ReportFormat format, string language) => (await Get<IIncidentReports>().WriteAsync(id, format, "TLP:RED", Wei, language, Stop)).Value!.Text;

    /// <summary>The words of a report that are neither markup nor anybody's names, numbers or formats.</summary>
    private static HashSet<string> Words(string text)
    {
        var shown = WebUtility.HtmlDecode(Markup().Replace(text, " "));
        return [.. Latin().Matches(Data().Replace(shown, " ")).Select(m => m.Value)];
    }

    [GeneratedRegex("<style>.*?</style>|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Markup();

    // Names and numbers of the story, hashes, the formats' and standards' own names.
    [GeneratedRegex(@"host-[0-9a-f]{32}|\b[0-9a-f]{32,64}\b|INC-[0-9]+-[0-9]+|W-?[0-9-]+|A-[0-9]+|auth\.log|\b(wei|ann|beacon|Beacon|UTC|TLP:[A-Z+]+|SHA-256|ATT\\?&CK|A rule|on|html|markdown|HTML|Markdown|EU|NIS2|CSIRT|ENISA)\b")]
    private static partial Regex Data();

    [GeneratedRegex("[A-Za-z]{2,}")]
    private static partial Regex Latin();
}
