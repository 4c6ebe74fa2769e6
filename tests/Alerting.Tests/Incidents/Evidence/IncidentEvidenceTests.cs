using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Beacon.Alerting.Audit.Verification;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Incidents.Joining;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Incidents.Evidence;

public sealed class IncidentEvidenceTests : IDisposable
{
    private static readonly Actor Ann = new("ann", [RoleNames.Responder]);
    private static readonly Actor Sue = new("sue", [RoleNames.Supervisor]);

    private readonly string _folder = Directory.CreateTempSubdirectory("beacon-evidence-").FullName;
    private readonly TestHouse _house;

    public IncidentEvidenceTests() => _house = new TestHouse(o => (o.Evidence.Directory, o.Evidence.FileBytes, o.Evidence.TotalBytes) = (_folder, 2_048, 4_096));

    private IIncidentEvidence Evidence => _house.Get<IIncidentEvidence>();

    private async Task<long> IncidentAsync(string host = "web-7")
    {
        await _house.TakeAsync(Detections.Of(host: host));
        return (await _house.Incidents.ListAsync(new IncidentQuery())).Items.Single(i => i.Title.Contains(host, StringComparison.Ordinal)).Id;
    }

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private Task<Outcome<EvidenceItem>> AddAsync(long id, string text, string name = "memory.dmp") => Evidence.AddFileAsync(id, name, "text/html", "", Bytes(text), Ann, TestContext.Current.CancellationToken);

    private async Task<VerifiedRecord> VerifiedAsync(string name) => (await _house.Get<IChainVerifier>().VerifyAsync(TestContext.Current.CancellationToken)).Single(r => r.Name == name);

    [Fact]
    public async Task AddFileAsync_File_StandsUnderItsHashWithCustody()
    {
        var id = await IncidentAsync();
        var item = (await AddAsync(id, "abc", "../../etc/passwd\u202Etxt")).Value!;
        Assert.Equal(("passwdtxt", 3L, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), (item.Name, item.Size, item.Sha256));
        Assert.Equal("abc", await File.ReadAllTextAsync(Path.Combine(_folder, item.Sha256), TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "incoming")));
        Assert.Equal("abc", (await Evidence.ViewAsync(id, item.Id, Ann)).Value);
        await using (var content = (await Evidence.OpenAsync(id, item.Id, Ann, "for the lab")).Value!.Content) Assert.Equal(3, content.Length);
        Assert.Equal(RefusalKind.Conflict, (await Evidence.HandOverAsync(id, item.Id, 7, "bo", Ann, "")).Refusal!.Kind);
        Assert.Equal("bo", (await Evidence.HandOverAsync(id, item.Id, 1, "bo", Ann, "to the lab")).Value!.Holder);
        Assert.Equal([CustodyAction.Added, CustodyAction.Viewed, CustodyAction.Downloaded, CustodyAction.HandedOver], (await Evidence.CustodyAsync(id, item.Id)).Select(c => c.Action));
        Assert.Equal(1, (await VerifiedAsync("evidence")).Checked);
        Assert.Equal(4, (await VerifiedAsync("custody")).Checked);
    }

    [Fact]
    public async Task AddFileAsync_OverACeiling_KeepsNothing()
    {
        var id = await IncidentAsync();
        Assert.Equal(RefusalKind.TooLarge, (await AddAsync(id, new string('a', 2_049))).Refusal!.Kind);
        Assert.True((await AddAsync(id, new string('a', 2_048))).Done);
        Assert.True((await AddAsync(id, new string('b', 2_000))).Done);
        Assert.Contains("TotalBytes", (await AddAsync(id, new string('c', 100))).Refusal!.Message.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await Evidence.ListAsync(id)).Count);
        Assert.Equal(2, Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Count());
        Assert.Equal(RefusalKind.NotFound, (await AddAsync(99, "x")).Refusal!.Kind);
    }

    [Fact]
    public async Task AddFileAsync_DiskFull_SaysSoAndKeepsNothing()
    {
        Assert.SkipWhen(!File.Exists("/dev/full"), "this system has no /dev/full");
        var id = await IncidentAsync();
        _house.Get<EvidenceFiles>().Create = _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.Write, bufferSize: 0);
        var refused = (await AddAsync(id, "abc")).Refusal!;
        Assert.Equal(RefusalKind.NoRoom, refused.Kind);
        Assert.Contains("full", refused.Message.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Evidence.ListAsync(id));
    }

    [Fact]
    public async Task AddFileAsync_SenderStopsInTheMiddle_CountsNothing()
    {
        var id = await IncidentAsync();
        await Assert.ThrowsAsync<EndOfStreamException>(() => Evidence.AddFileAsync(id, "a", "", "", new Broken(), Ann, TestContext.Current.CancellationToken));
        Assert.Empty(await Evidence.ListAsync(id));
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task AddFileAsync_AfterAKill_SweepsWhatWasLeftHalf()
    {
        var id = await IncidentAsync();
        Directory.CreateDirectory(Path.Combine(_folder, "incoming"));
        var half = Path.Combine(_folder, "incoming", "half");
        var unknown = Path.Combine(_folder, new string('0', 64));
        var fresh = Path.Combine(_folder, "incoming", "fresh");
        foreach (var file in new[] { half, unknown, fresh }) await File.WriteAllTextAsync(file, "x", TestContext.Current.CancellationToken);
        foreach (var file in new[] { half, unknown }) File.SetLastWriteTimeUtc(file, TestHouse.Start.UtcDateTime.AddHours(-2));
        File.SetLastWriteTimeUtc(fresh, TestHouse.Start.UtcDateTime);
        Assert.True((await AddAsync(id, "abc")).Done);
        Assert.Equal((false, false, true), (File.Exists(half), File.Exists(unknown), File.Exists(fresh)));
    }

    [Fact]
    public async Task RemoveAsync_SameContentTwice_FileStaysWhileOneIsKept()
    {
        var id = await IncidentAsync();
        var (one, two) = ((await AddAsync(id, "abc")).Value!, (await AddAsync(id, "abc")).Value!);
        Assert.Equal(RefusalKind.Forbidden, (await Evidence.RemoveAsync(id, one.Id, 1, Ann, "private")).Refusal!.Kind);
        Assert.Equal(RefusalKind.Invalid, (await Evidence.RemoveAsync(id, one.Id, 1, Sue, "")).Refusal!.Kind);
        Assert.NotNull((await Evidence.RemoveAsync(id, one.Id, 1, Sue, "private")).Value!.RemovedAt);
        Assert.True(File.Exists(Path.Combine(_folder, one.Sha256)));
        Assert.True((await Evidence.RemoveAsync(id, two.Id, 1, Sue, "private too")).Done);
        Assert.False(File.Exists(Path.Combine(_folder, one.Sha256)));
        Assert.Equal(2, (await Evidence.ListAsync(id)).Count);
        Assert.False((await Evidence.OpenAsync(id, one.Id, Ann)).Done);
        Assert.True((await VerifiedAsync("evidence")).Intact);
    }

    [Fact]
    public async Task ExportAsync_ChangedFile_IsNamedInTheManifest()
    {
        var id = await IncidentAsync();
        var item = (await AddAsync(id, "abc")).Value!;
        await AddAsync(id, "other", "b.txt");
        await File.WriteAllTextAsync(Path.Combine(_folder, item.Sha256), "abd", TestContext.Current.CancellationToken);
        await using var zip = (await Evidence.ExportAsync(id, Ann, "for the police")).Value!.Content;
        using var archive = new ZipArchive(zip);
        using var manifest = JsonDocument.Parse(archive.GetEntry("manifest.json")!.Open());
        Assert.Equal(["changed", "intact"], manifest.RootElement.GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("state").GetString()));
        Assert.Equal(3, archive.Entries.Count);
        Assert.Equal(CustodyAction.Exported, (await Evidence.CustodyAsync(id, item.Id))[^1].Action);
    }

    [Theory]
    [InlineData("file", "was changed")]
    [InlineData("gone", "is missing")]
    [InlineData("record", "differs from the chain of custody")]
    [InlineData("row", "the record of")]
    [InlineData("planted", "is not in the chain of custody")]
    public async Task Verify_WhateverIsChanged_IsNamed(string what, string expected)
    {
        var id = await IncidentAsync();
        var item = (await AddAsync(id, "abc")).Value!;
        var path = Path.Combine(_folder, item.Sha256);
        if (what == "file") await File.WriteAllTextAsync(path, "abX", TestContext.Current.CancellationToken);
        else if (what == "gone") File.Delete(path);
        else
        {
            await _house.Database.WriteAsync(t => t.Execute(what switch
            {
                "record" => "UPDATE alerting_incident_evidence SET sha256 = '" + Convert.ToHexStringLower(SHA256.HashData("abX"u8)) + "'",
                "row" => "DELETE FROM alerting_incident_evidence",
                _ => "UPDATE alerting_incident_evidence SET id = id + 1 WHERE 1 = 0",
            }));
            if (what == "planted") await _house.Database.WriteAsync(t => t.Execute(
                "INSERT INTO alerting_incident_evidence SELECT id + 10, version, incident_id, kind, name, media_type, description, reference, size, sha256, holder, added_by, added_at, removed_by, removed_at, removed_reason FROM alerting_incident_evidence"));
        }
        Assert.Contains(expected, (await VerifiedAsync("evidence")).Fault?.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE alerting_custody SET actor = 'eve' WHERE sequence = 2")]
    [InlineData("DELETE FROM alerting_custody WHERE sequence = 2")]
    [InlineData("UPDATE alerting_custody SET note = note || '.' WHERE sequence = 2")]
    public async Task Verify_CustodyChanged_NamesTheEntry(string change)
    {
        var id = await IncidentAsync();
        var item = (await AddAsync(id, "abc")).Value!;
        for (var i = 0; i < 2; i++) await Evidence.ViewAsync(id, item.Id, Ann);
        await _house.Database.WriteAsync(t => t.Execute(change));
        var record = await VerifiedAsync("custody");
        Assert.Equal(1, record.Checked);
        Assert.Contains("entry 2", record.Fault?.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MergeAsync_WithEvidence_MovesItWithCustody()
    {
        var (into, from) = (await IncidentAsync("a-1"), await IncidentAsync("b-2"));
        var item = (await AddAsync(from, "abc")).Value!;
        var (a, b) = ((await _house.Incidents.FindAsync(into))!.Summary, (await _house.Incidents.FindAsync(from))!.Summary);
        Assert.True((await _house.Get<IIncidentJoining>().MergeAsync(into, a.Version, from, b.Version, Ann, "one attack")).Done);
        Assert.Equal(item.Id, Assert.Single(await Evidence.ListAsync(into)).Id);
        Assert.Equal(CustodyAction.Moved, (await Evidence.CustodyAsync(into, item.Id))[^1].Action);
        Assert.True((await VerifiedAsync("custody")).Intact);
    }

    [Theory]
    [InlineData(@"C:\temp\a.exe", "a.exe")]
    [InlineData("..", "file")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("a\r\nb<script>.html", "ab_script_.html")]
    [InlineData(null, "file")]
    [InlineData(".bashrc", "bashrc")]
    public void Of_HostileName_IsHarmless(string? said, string name) => Assert.Equal(name, EvidenceName.Of(said));

    [Fact]
    public void Of_SameJsonInAnotherOrder_GivesTheSameBytes() => Assert.Equal(
        """{"a":{"c":"é","d":[true,null]},"b":1.50}""", Encoding.UTF8.GetString(CanonicalJson.Of("""{"b": 1.50, "a": {"d": [true, null], "c": "é"}}""")));

    public void Dispose()
    {
        _house.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Broken : MemoryStream
    {
        private int _reads;
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _reads++ > 2 ? throw new EndOfStreamException() : ValueTask.FromResult(Math.Min(100, buffer.Length));
    }
}
