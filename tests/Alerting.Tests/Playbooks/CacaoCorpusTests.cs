using Beacon.Alerting.Playbooks;

namespace Beacon.Alerting.Tests.Playbooks;

/// <summary>Published playbooks, where they are at hand.</summary>
public sealed class CacaoCorpusTests
{
    private static string Corpus()
    {
        var roots = new[] { Environment.GetEnvironmentVariable("BEACON_SHARED") }.OfType<string>()
            .Concat(Above(AppContext.BaseDirectory).Concat(Above(Directory.GetCurrentDirectory())).Select(d => Path.Combine(d, "shared")));
        var found = roots.Select(r => Path.Combine(r, "corpora", "cacao")).FirstOrDefault(Directory.Exists);
        if (found is null) Assert.Skip("no corpora/cacao in a 'shared' folder above; set BEACON_SHARED");
        return found;
    }

    private static IEnumerable<string> Above(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent) yield return d.FullName;
    }

    private static IReadOnlyList<PlaybookFault> Check(string file) => Reading.Of(File.ReadAllBytes(file)).Faults;

    [Fact]
    public void Examples_OnlyLackWhatIsNotRunHere()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpus(), "examples"), "*.json").Order())
        {
            var faults = Check(file);
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(file)}: {string.Join("; ", faults.Select(f => $"{f.Code} {f.Path} {f.Message}"))}");
            if (Path.GetFileName(file) == "fin-playbook.json") Assert.Contains(faults, f => f.Code == "CACAO-102");
            else Assert.All(faults, f => Assert.Matches("^CACAO-[23]", f.Code));
        }
    }

    [Fact]
    public void Examples_OfManualAndHttp_AreAccepted()
    {
        foreach (var name in new[] { "manual-playbook.json", "http-playbook.json" }) Assert.Empty(Check(Path.Combine(Corpus(), "examples", name)));
    }

    [Fact]
    public void Invalid_AreRefused()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpus(), "invalid"), "*.json").Order())
        {
            var faults = Check(file);
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(file)}: {string.Join("; ", faults.Select(f => $"{f.Code} {f.Path} {f.Message}"))}");
            Assert.NotEmpty(faults);
        }
    }
}
