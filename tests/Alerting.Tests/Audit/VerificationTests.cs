using Beacon.Alerting.Audit;
using Beacon.Alerting.Audit.Verification;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Audit;

public sealed class VerificationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("beacon-verify-");
    private readonly TestHouse _house;

    public VerificationTests() => _house = new TestHouse(o => o.AnchorFile = AnchorFile, directory: _folder.FullName);

    private string AnchorFile => Path.Combine(_folder.FullName, "anchors.log");

    private Task<IReadOnlyList<VerifiedRecord>> VerifyAsync() => _house.Get<IChainVerifier>().VerifyAsync(TestContext.Current.CancellationToken);

    private Task AnchorAsync() => _house.Get<AnchorWorker>().WriteAsync(TestContext.Current.CancellationToken);

    private Task<int> ChangeAsync(string sql) => _house.Database.WriteAsync(t => t.Execute(sql));

    /// <summary>Two incidents with a few entries, and as many acts.</summary>
    private async Task FillAsync()
    {
        await _house.TakeAsync(Detections.Of(host: "web-1"));
        await _house.TakeAsync(Detections.Of(rule: "other", host: "web-2"));
        foreach (var incident in (await _house.Incidents.ListAsync(new())).Items)
            for (var i = 0; i < 5; i++) await _house.Incidents.AddNoteAsync(incident.Id, "note " + i, new Actor("ann", [RoleNames.Operator]));
    }

    [Fact]
    public async Task Verify_Untouched_HoldsAlsoWhatCameAfterTheAnchors()
    {
        await FillAsync();
        await AnchorAsync();
        await FillAsync();
        var records = await VerifyAsync();
        Assert.All(records, r => Assert.Null(r.Fault));
        Assert.Equal(["anchors", "audit", "timeline INC-2026-0001", "timeline INC-2026-0002"], records.Select(r => r.Name).Order(StringComparer.Ordinal));
        await AnchorAsync();
        await AnchorAsync();
        Assert.Equal(6, (await File.ReadAllLinesAsync(AnchorFile)).Length);
        Assert.All(await VerifyAsync(), r => Assert.Null(r.Fault));
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "UPDATE alerting_audit SET actor = 'bob' WHERE sequence = 3", "entry 3 of the audit trail" },
        { "UPDATE alerting_audit SET at = at + 1 WHERE sequence = 2", "entry 2 of the audit trail" },
        { "UPDATE alerting_audit SET action = action || ' ' WHERE sequence = 1", "entry 1 of the audit trail" },
        { "UPDATE alerting_audit SET before_state = 'x' WHERE sequence = 4", "entry 4 of the audit trail" },
        { "UPDATE alerting_audit SET reason = 'x' WHERE sequence = 4", "entry 4 of the audit trail" },
        { "UPDATE alerting_audit SET hash = previous_hash WHERE sequence = 4", "entry 4 of the audit trail" },
        { "DELETE FROM alerting_audit WHERE sequence = 5", "entry 5 of the audit trail" },
        { "UPDATE alerting_timeline SET text = 'note 9' WHERE incident_id = 2 AND sequence = 4", "entry 4 of the timeline of INC-2026-0002" },
        { "UPDATE alerting_timeline SET kind = 4 - kind WHERE incident_id = 1 AND sequence = 1", "entry 1 of the timeline of INC-2026-0001" },
        { "UPDATE alerting_timeline SET incident_id = 7 WHERE incident_id = 2", "entry 1 of the timeline of incident 7" },
        { "DELETE FROM alerting_timeline WHERE incident_id = 1 AND sequence = 2", "entry 2 of the timeline of INC-2026-0001" },
        // What the chains alone do not show.
        { "DELETE FROM alerting_audit WHERE sequence > 6", "audit had an entry" },
        { "DELETE FROM alerting_timeline WHERE incident_id = 1 AND sequence > 3", "timeline INC-2026-0001 had an entry" },
        { "DELETE FROM alerting_timeline WHERE incident_id = 2", "timeline INC-2026-0002 had an entry" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Verify_Changed_NamesTheFirstBrokenRecord(string sql, string named)
    {
        await FillAsync();
        await AnchorAsync();
        Assert.True(await ChangeAsync(sql) > 0);
        Assert.Contains((await VerifyAsync()).Select(r => r.Fault), f => f?.ToString().Contains(named, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Verify_WrittenAnewWithRightHashes_IsShownByTheAnchors()
    {
        await FillAsync();
        await AnchorAsync();
        await _house.Database.WriteAsync(t =>
        {
            t.Execute("DELETE FROM alerting_audit");
            for (var i = 0; i < 20; i++) _house.Audit.Append(t, new AuditRecord("mallory", "alert.acknowledge", "alert:1"));
            return 0;
        });
        var records = await VerifyAsync();
        Assert.Null(records.Single(r => r.Name == "audit").Fault);
        Assert.Contains("audit had an entry", records.Single(r => r.Name == "anchors").Fault?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnyByteOfTheAnchorsChanged_IsNoticed()
    {
        await FillAsync();
        await AnchorAsync();
        var whole = await File.ReadAllBytesAsync(AnchorFile);
        for (var i = 0; i < whole.Length; i += 7)
        {
            var changed = whole.ToArray();
            changed[i] = changed[i] == 'x' ? (byte)'y' : (byte)'x';
            await File.WriteAllBytesAsync(AnchorFile, changed);
            Assert.Contains(await VerifyAsync(), r => r.Name == "anchors" && r.Fault is not null);
        }
    }

    [Fact]
    public async Task Anchors_HalfALineLeftByAStop_IsGoneRoundAndTheFileHasACeiling()
    {
        await FillAsync();
        await AnchorAsync();
        await File.AppendAllTextAsync(AnchorFile, "2026-03-02T09:00:00Z\taud");
        await FillAsync();
        await AnchorAsync();
        Assert.All(await VerifyAsync(), r => Assert.Null(r.Fault));

        var anchors = new Anchors(AnchorFile);
        anchors.Begin();
        await FillAsync();
        await AnchorAsync();
        Assert.True(File.Exists(AnchorFile + ".old"));
        Assert.All(await VerifyAsync(), r => Assert.Null(r.Fault));
    }

    public void Dispose()
    {
        _house.Dispose();
        _folder.Delete(recursive: true);
    }
}
