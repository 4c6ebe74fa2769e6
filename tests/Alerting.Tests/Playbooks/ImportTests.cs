using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Imports;
using static Beacon.Alerting.Tests.Playbooks.PlaybookJson;

namespace Beacon.Alerting.Tests.Playbooks;

public sealed class ImportTests : EngineFixture
{
    private static PlaybookJson Book(string name = "Imported", string command = "do it")
    {
        var book = new PlaybookJson().Start(A("a")).Manual("a", E(), command).End();
        book.Root["name"] = name;
        return book;
    }

    private static IPlaybookImports Imports(TestHouse house) => house.Get<IPlaybookImports>();

    [Fact]
    public async Task Import_StandsOverTheFile_AndARunKeepsItsDocument()
    {
        using var house = Open(Book("From a file"));
        var run = await StartAsync(house);
        Assert.Equal(1, (await Imports(house).ImportAsync(Book("First", "the new way").Bytes, 0, Ann, "better")).Value!.Version);
        Assert.Equal(("First", 1), (house.Library.Find(PlaybookId)!.Name, house.Library.Find(PlaybookId)!.Version));
        Assert.Equal("do it", (await StepAsync(house, run.Id, A("a"))).Commands[0]);
        await CompleteAsync(house, run.Id, A("a"));
        Assert.Equal("the new way", (await StepAsync(house, (await StartAsync(house)).Id, A("a"))).Commands[0]);
        Assert.Contains(await house.Audit.QueryAsync(new AuditQuery { Action = "playbook.import" }), e => e is { Actor: "ann", Reason: "better" });
        Assert.Contains((await house.Feed.ReadAfterAsync(0)).Changes, c => c.Kind == ChangeKind.PlaybookDocument && c.Id == PlaybookId);
    }

    [Fact]
    public async Task Import_OverAVersionNotSeen_IsAConflict()
    {
        using var house = Open();
        await Imports(house).ImportAsync(Book().Bytes, 0, Ann, "");
        Assert.Equal(RefusalKind.Conflict, (await Imports(house).ImportAsync(Book().Bytes, 0, Bob, "")).Refusal!.Kind);
        Assert.Equal(2, (await Imports(house).ImportAsync(Book().Bytes, 1, Bob, "")).Value!.Version);
    }

    [Fact]
    public async Task Import_FaultyDocument_IsRefusedAndNothingKept()
    {
        using var house = Open();
        var book = Book();
        book.Workflow[A("a")]!["on_completion"] = A("z");
        var refusal = (await Imports(house).ImportAsync(book.Bytes, 0, Ann, "")).Refusal!;
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Contains(A("a"), refusal.Message.ToString(), StringComparison.Ordinal);
        Assert.Empty(await Imports(house).VersionsAsync(PlaybookId));
    }

    [Fact]
    public async Task Import_ValidButNotRunHere_IsKeptAndNoRunBegins()
    {
        using var house = Open();
        var book = Book();
        book.Workflow[A("a")]!["commands"]![0] = new JsonObject { ["type"] = "jupyter", ["command_b64"] = "e30=" };
        Assert.True((await Imports(house).ImportAsync(book.Bytes, 0, Ann, "")).Done);
        Assert.Contains(house.Library.Refused, r => r.File == PlaybookId && r.Faults.Any(f => f.Code == "CACAO-202"));
        Assert.Equal(RefusalKind.NotFound, (await house.Engine.StartAsync(PlaybookId, await IncidentAsync(house), Ann)).Refusal!.Kind);
    }

    [Fact]
    public async Task Withdraw_BringsTheFileBack_AndKeepsTheVersions()
    {
        using var house = Open(Book("From a file"));
        await Imports(house).ImportAsync(Book("First").Bytes, 0, Ann, "");
        Assert.Equal(RefusalKind.Invalid, (await Imports(house).WithdrawAsync(PlaybookId, 1, Ann, "")).Refusal!.Kind);
        Assert.True((await Imports(house).WithdrawAsync(PlaybookId, 1, Ann, "too early")).Value!.Withdrawn);
        Assert.Equal("From a file", house.Library.Find(PlaybookId)!.Name);
        Assert.Equal("From a file", (await StartAsync(house)).PlaybookName);
        Assert.Equal([2, 1], (await Imports(house).VersionsAsync(PlaybookId)).Select(v => v.Version));
        Assert.Equal(RefusalKind.NotFound, (await Imports(house).WithdrawAsync("playbook--x", 0, Ann, "r")).Refusal!.Kind);
    }

    [Fact]
    public async Task Restart_ImportsAreThere()
    {
        using (var first = Open()) await Imports(first).ImportAsync(Book("Kept").Bytes, 0, Ann, "");
        using var next = Open();
        await next.Get<PlaybookImports>().RefreshAsync(default);
        Assert.Equal("Kept", next.Library.Find(PlaybookId)!.Name);
    }

    [Fact]
    public async Task Export_MasksSecrets_AndWhatIsMaskedIsNotTakenBack()
    {
        using var house = Open(o => o.Playbooks.AllowSecretsInDocuments = true);
        var book = Book();
        book.Root["authentication_info_definitions"] = new JsonObject { ["http-basic--88888888-8888-4888-8888-888888888888"] = new JsonObject { ["type"] = "http-basic", ["user_id"] = "u", ["password"] = "hunter2-hunter2" } };
        await Imports(house).ImportAsync(book.Bytes, 0, Ann, "");
        var json = (await Imports(house).ExportAsync(PlaybookId))!;
        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
        Assert.Equal([PlaybookFaults.SecretInDocument], Reading.Of(Encoding.UTF8.GetBytes(json)).Faults.Select(f => f.Code));
        Assert.Contains("masked", (await Imports(house).ImportAsync(Encoding.UTF8.GetBytes(json), 1, Ann, "")).Refusal!.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_SecretWrittenInto_IsRefusedWithTheHintToTheVault()
    {
        using var house = Open();
        var book = Book();
        var credentials = new JsonObject { ["type"] = "http-basic", ["user_id"] = "u", ["password"] = "hunter2-hunter2" };
        book.Root["authentication_info_definitions"] = new JsonObject { ["http-basic--88888888-8888-4888-8888-888888888888"] = credentials };
        var refusal = (await Imports(house).ImportAsync(book.Bytes, 0, Ann, "")).Refusal!;
        Assert.Contains("vault", refusal.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("88888888.password", refusal.Message.ToString().Replace("-8888-4888-8888-888888888888", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refusal.Message.ToString(), StringComparison.Ordinal);
        credentials.Remove("password");
        credentials["kms"] = true;
        credentials["kms_key_identifier"] = "secret:fw";
        Assert.True((await Imports(house).ImportAsync(book.Bytes, 0, Ann, "")).Done);
    }

    [Fact]
    public async Task Diff_NamesStepsAddedRemovedAndChanged()
    {
        using var house = Open(Book("From a file"));
        var next = new PlaybookJson().Start(A("a")).Manual("a", A("b"), "do it well").Manual("b", E("f")).End("f");
        await Imports(house).ImportAsync(next.Bytes, 0, Ann, "");
        var diff = (await Imports(house).DiffAsync(PlaybookId, 0, 1)).Value!;
        Assert.Equal([(E("f"), StepChangeKind.Added), (A("b"), StepChangeKind.Added), (E(), StepChangeKind.Removed), (A("a"), StepChangeKind.Changed)], diff.Steps.OrderBy(s => s.Kind).ThenByDescending(s => s.StepId, StringComparer.Ordinal).Select(s => (s.StepId, s.Kind)));
        Assert.Equal(["commands", "on_completion"], diff.Steps.Single(s => s.Kind == StepChangeKind.Changed).Properties.Select(p => p.Name).Order());
        Assert.Equal(("\"From a file\"", "\"Test\""), diff.Document.Where(p => p.Name == "name").Select(p => (p.Before, p.After)).Single());
        Assert.Equal(RefusalKind.NotFound, (await Imports(house).DiffAsync(PlaybookId, 0, 9)).Refusal!.Kind);
    }
}
