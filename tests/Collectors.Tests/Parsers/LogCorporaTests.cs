using Beacon.Collectors.Files;
using Beacon.Collectors.Parsers;
using Beacon.Events;

namespace Beacon.Collectors.Tests.Parsers;

/// <summary>Real logs: nothing is refused, nearly everything is recognised, and counts that can be had otherwise agree.</summary>
public sealed class LogCorporaTests
{
    private static (EventFileSummary Summary, Dictionary<string, int> Datasets, Dictionary<string, int> Actions) Read(params string[] path)
    {
        var (datasets, actions) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        var faults = new List<EventFileFault>();
        var file = Corpora.Path(path);
        var summary = new EventFileReader(CollectorsModule.CreateParsers()).Read(file, "auto", (e, _) =>
        {
            Count(datasets, e.GetText(Field.EventDataset));
            Count(actions, $"{e.GetText(Field.EventAction)} {e.GetText(Field.EventOutcome)}");
        }, faults.Add);
        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(5)));
        return (summary, datasets, actions);
    }

    private static void Count(Dictionary<string, int> counts, string? key) => counts[key ?? ""] = counts.GetValueOrDefault(key ?? "") + 1;

    [Fact]
    public void OpenSsh_EveryFailedPassword_IsAFailedLogin()
    {
        var (summary, datasets, actions) = Read("corpora", "logs", "OpenSSH_2k.log");
        Assert.Equal(summary.Events, datasets["sshd.auth"]);
        var lines = File.ReadLines(Corpora.Path("corpora", "logs", "OpenSSH_2k.log")).ToList();
        var passwords = lines.Count(l => l.Contains("]: Failed ", StringComparison.Ordinal) || l.Contains(" message repeated ", StringComparison.Ordinal) || l.Contains("]: Invalid user ", StringComparison.Ordinal)
            || l.Contains("input_userauth_request: invalid user", StringComparison.Ordinal) || l.Contains("Too many authentication failures", StringComparison.Ordinal) || l.Contains("error: PAM: ", StringComparison.Ordinal));
        Assert.InRange(actions["ssh_login failure"], passwords - 5, passwords + 5);
        Assert.Equal(lines.Count(l => l.Contains("]: Accepted ", StringComparison.Ordinal)), actions.GetValueOrDefault("ssh_login success"));
    }

    [Theory]
    [InlineData("logs", "Linux_2k.log", "syslog", 1)]
    [InlineData("logs", "Apache_2k.log", "apache.error", 2000)]
    [InlineData("device-logs", "sudo.log", "sudo.command", 5)]
    [InlineData("device-logs", "sshd.log", "sshd.auth", 20)]
    public void DeviceLogs_AreRecognised(string folder, string file, string dataset, int atLeast)
    {
        var (summary, datasets, _) = Read("corpora", folder, file);
        Assert.True(datasets.GetValueOrDefault(dataset) >= atLeast, string.Join(", ", datasets));
        Assert.True(summary.Unrecognised <= summary.Events / 10, $"{summary.Unrecognised} of {summary.Events} unrecognised");
    }

    [Theory]
    [InlineData("AWS/aws-cloudtrail", "aws.cloudtrail")]
    [InlineData("Azure/azure-activity-logs", "azure.activitylogs")]
    [InlineData("Azure/azure-ad", "azure.auditlogs", "azure.signinlogs", "azure.identity_protection", "azure.platformlogs")]
    [InlineData("Google_Cloud/Google_Cloud_Audit", "gcp.audit")]
    [InlineData("Okta/okta-system-logs", "okta.system")]
    [InlineData("Office_365/o365", "o365.audit")]
    [InlineData("Kubernetes/audit-log", "kubernetes.audit_logs")]
    [InlineData("Microsoft/microsoft-entraid-graphapi", "azure.auditlogs", "azure.signinlogs", "azure.identity_protection")]
    public void ServiceRecords_OfTheCorpora_AreRecognisedWithTheirTime(string folder, params string[] datasets)
    {
        var parsers = CollectorsModule.CreateParsers();
        foreach (var file in Directory.GetFiles(Corpora.Path("corpora", "ecs-pipelines", "sekoia", folder), "*.json"))
        {
            using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
            var message = document.RootElement.GetProperty("input").GetProperty("message").GetString()!;
            var e = new SecurityEvent { Timestamp = DateTimeOffset.UnixEpoch };
            Assert.True(parsers.Parse(null, System.Text.Encoding.UTF8.GetBytes(message), FrameInfo.At(DateTimeOffset.UnixEpoch), e, out _).Succeeded, file);
            Assert.True(datasets.Contains(e.GetText(Field.EventDataset)), $"{file}: {e.GetText(Field.EventDataset)}");
            Assert.True(e.Timestamp > DateTimeOffset.UnixEpoch, file);
            Assert.NotNull(e.GetText(Field.EventAction));
        }
    }

    [Fact]
    public void Zeek_EveryLog_IsItselfWithAndWithoutItsPath()
    {
        var folder = Corpora.Path("corpora", "zeek", "json");
        var reader = new EventFileReader(CollectorsModule.CreateParsers());
        using var temporary = new TestFolder();
        foreach (var file in EventFileReader.EnumerateFiles(folder))
        {
            var wanted = "zeek." + Path.GetFileNameWithoutExtension(file);
            var bare = temporary.File(Path.GetFileName(file));
            File.WriteAllLines(bare, File.ReadLines(file).Select(l => l.Replace($"\"_path\":\"{Path.GetFileNameWithoutExtension(file)}\",", "", StringComparison.Ordinal)));
            foreach (var path in (string[])[file, bare])
            {
                var wrong = new List<string>();
                var summary = reader.Read(path, "auto", (e, l) => { if (e.GetText(Field.EventDataset) != wanted) wrong.Add($"{l}: {e.GetText(Field.EventDataset)}"); }, f => wrong.Add(f.Reason.ToString()));
                Assert.True(summary.Events > 0);
                Assert.True(wrong.Count * 10 <= summary.Events, $"{path}: {wrong.Count} of {summary.Events} wrong: {string.Join(", ", wrong.Take(3))}");
            }
        }
    }

    [Fact]
    public void FlatWindowsJson_EveryLine_IsAWindowsEvent()
    {
        using var folder = new TestFolder();
        var path = folder.File("events.ndjson");
        try
        {
            using var xz = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("xz", ["-dc", Corpora.Path("peers", "events.ndjson.xz")]) { RedirectStandardOutput = true })!;
            using (var file = File.Create(path)) xz.StandardOutput.BaseStream.CopyTo(file);
            xz.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("xz is not installed");
        }
        var missing = 0;
        var summary = new EventFileReader(CollectorsModule.CreateParsers()).Read(path, "auto", (e, _) => missing += e.Has(Field.WinlogEventId) && e.Has(Field.WinlogChannel) ? 0 : 1, f => Assert.Fail(f.Reason.ToString()));
        Assert.Equal(9_239, summary.Events);
        Assert.Equal(0, missing);
    }
}
