using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Beacon.Alerting;
using Beacon.Alerting.Audit.Verification;
using Beacon.Web.Security;
using Beacon.Web.Tests.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Beacon.Web.Tests.Api;

public sealed class EvidenceEndpointTests(RunningBeacon beacon) : IClassFixture<RunningBeacon>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Uri Of(long incident, string rest = "") => new($"/api/v1/incidents/{incident}/evidence{rest}", UriKind.Relative);

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        answer.Dispose();
        return JsonNode.Parse(text)!;
    }

    private static async Task<JsonNode> PutAsync(HttpClient client, long incident, string name, byte[] content, HttpStatusCode status = HttpStatusCode.OK) =>
        await JsonAsync(await client.PutAsync(Of(incident, "/" + Uri.EscapeDataString(name)), new ByteArrayContent(content), Stop), status);

    [Fact]
    public async Task Put_AFile_IsKeptUnderItsHashAndComesBackAsItWas()
    {
        var incident = await beacon.IncidentAsync(Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Operate, ApiScopes.Read);
        var content = RandomNumberGenerator.GetBytes(300_000);
        var item = await PutAsync(client, incident.Id, "disk.img", content);
        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(content)), 300_000L, "disk.img"), (item["sha256"]!.GetValue<string>(), item["size"]!.GetValue<long>(), item["name"]!.GetValue<string>()));
        using var back = await client.GetAsync(Of(incident.Id, $"/{item["id"]}/content?note=for+the+lab"), Stop);
        Assert.Equal(content, await back.Content.ReadAsByteArrayAsync(Stop));
        Assert.Equal(("application/octet-stream", "nosniff"), (back.Content.Headers.ContentType!.MediaType, string.Join(',', back.Headers.GetValues("X-Content-Type-Options"))));
        Assert.Equal("attachment", back.Content.Headers.ContentDisposition!.DispositionType);
        var custody = (await client.GetFromJsonAsync<JsonArray>(Of(incident.Id, $"/{item["id"]}/custody"), Stop))!;
        Assert.Equal(["Added", "Downloaded"], custody.Select(c => c!["action"]!.GetValue<string>()));
        Assert.Contains("for the lab", custody[1]!["note"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AForm_KeepsEachFileWithTheDescriptionBeforeIt()
    {
        var incident = await beacon.IncidentAsync(Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        using var form = new MultipartFormDataContent { { new StringContent("memory of the host"), "description" } };
        form.Add(new ByteArrayContent([1, 2, 3]), "file", "mem.raw");
        form.Add(new ByteArrayContent([4]), "file", "two.bin");
        var added = (await JsonAsync(await client.PostAsync(Of(incident.Id), form, Stop))).AsArray();
        Assert.Equal(["mem.raw|memory of the host", "two.bin|"], added.Select(a => $"{a!["name"]}|{a["description"]}"));
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("..\\..\\windows\\system.ini", "system.ini")]
    [InlineData("CON.txt", "_CON.txt")]
    [InlineData("a\u202Etxt.exe", "atxt.exe")]
    [InlineData("<img src=x>.html", "_img src=x_.html")]
    [InlineData("...", "file")]
    public async Task Add_HostileName_IsMadeHarmlessEitherWay(string name, string kept)
    {
        var incident = await beacon.IncidentAsync(Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent([1]);
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileNameStar = name };
        form.Add(file);
        Assert.Equal(kept, (await JsonAsync(await client.PostAsync(Of(incident.Id), form, Stop)))[0]!["name"]!.GetValue<string>());
        // A path of dots alone never leaves the client. A slash within a name stays as it is written in an address: a name like any other.
        if (name == "...") return;
        var put = (await PutAsync(client, incident.Id, name, [2]))["name"]!.GetValue<string>();
        Assert.Equal(name.Contains('/', StringComparison.Ordinal) ? "_2F.._2Fetc_2Fpasswd" : kept, put);
        Assert.Empty(Directory.EnumerateFiles(Folder, "*" + kept, SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Add_LargerThanAllowed_IsRefusedAndNothingIsKept()
    {
        var options = beacon.Host.Services.GetRequiredService<IOptions<AlertingOptions>>().Value.Evidence;
        var incident = await beacon.IncidentAsync(Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Operate, ApiScopes.Read);
        var before = options.FileBytes;
        options.FileBytes = 100_000;
        try
        {
            using var form = new MultipartFormDataContent();
            form.Add(new ByteArrayContent(new byte[100_001]), "file", "large.bin");
            await JsonAsync(await client.PostAsync(Of(incident.Id), form, Stop), HttpStatusCode.RequestEntityTooLarge);
            await PutAsync(client, incident.Id, "large.bin", new byte[100_001], HttpStatusCode.RequestEntityTooLarge);
            Assert.Equal(100_000L, (await PutAsync(client, incident.Id, "fits.bin", new byte[100_000]))["size"]!.GetValue<long>());
        }
        finally
        {
            options.FileBytes = before;
        }
        Assert.Equal("fits.bin", Assert.Single((await client.GetFromJsonAsync<JsonArray>(Of(incident.Id), Stop))!)!["name"]!.GetValue<string>());
        Assert.DoesNotContain(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories), f => new FileInfo(f).Length == 100_001);
    }

    [Theory]
    [InlineData("text/plain", "x", 415)]
    [InlineData("multipart/form-data", "x", 415)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nonly a field\r\n--b--\r\n", 400)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\nnothing said\r\n--b--\r\n", 400)]
    public async Task Post_WhatIsNoForm_IsRefused(string type, string body, int status)
    {
        var incident = await beacon.IncidentAsync(Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        await JsonAsync(await client.PostAsync(Of(incident.Id), content, Stop), (HttpStatusCode)status);
    }

    [Fact]
    public async Task Verify_ContentChangedOnTheDisk_NamesThePiece()
    {
        var incident = await beacon.IncidentAsync(Stop);
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        var item = await PutAsync(client, incident.Id, "log.txt", Encoding.UTF8.GetBytes("what was said " + incident.Number));
        var file = Directory.EnumerateFiles(Folder, item["sha256"]!.GetValue<string>() + "*", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = await File.ReadAllBytesAsync(file, Stop);
        bytes[0] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Stop);
        try
        {
            var verdicts = await beacon.Host.Services.GetRequiredService<IChainVerifier>().VerifyAsync(Stop);
            Assert.Contains(verdicts, v => v.Fault is not null && v.Fault.ToString().Contains("(log.txt) was changed", StringComparison.Ordinal));
        }
        finally
        {
            bytes[0] ^= 1;
            await File.WriteAllBytesAsync(file, bytes, Stop);
        }
    }

    [Fact]
    public async Task Add_ByAReaderOrToNothing_IsRefused()
    {
        var incident = await beacon.IncidentAsync(Stop);
        using var reader = await beacon.ClientAsync(ApiScopes.Read);
        using var answer = await reader.PutAsync(Of(incident.Id, "/a"), new ByteArrayContent([1]), Stop);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var client = await beacon.ClientAsync(ApiScopes.Operate);
        await PutAsync(client, 999_999, "a", [1], HttpStatusCode.NotFound);
    }

    private string Folder => beacon.Host.Services.GetRequiredService<IOptions<AlertingOptions>>().Value.Evidence.Directory;
}
