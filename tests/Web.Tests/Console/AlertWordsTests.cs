using System.Globalization;
using System.Text.RegularExpressions;
using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

public sealed partial class AlertWordsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddLocalization().AddSingleton<IKnownTexts>(new Texts()).AddSingleton<AlertWords>().BuildServiceProvider();
    private readonly CultureInfo _before = CultureInfo.CurrentUICulture;

    public void Dispose()
    {
        CultureInfo.CurrentUICulture = _before;
        _services.Dispose();
    }

    [Theory]
    [InlineData("Ports Tried by One Address", "同一地址尝试端口")]
    [InlineData("Shell Opened on bas-01 by svc-backup with bash", "打开命令行：bas-01，账户 svc-backup，程序 bash")]
    [InlineData("Shell Opened on bas-01 by NT AUTHORITY\\SYSTEM with cmd.exe, from 203.0.113.9 to 10.0.0.1", "打开命令行：bas-01，账户 NT AUTHORITY\\SYSTEM，程序 cmd.exe，来自 203.0.113.9，发往 10.0.0.1")]
    [InlineData("Shell Opened, from 203.0.113.9 to 10.0.0.1", "打开命令行：来自 203.0.113.9，发往 10.0.0.1")]
    [InlineData("Ports Tried by One Address: 15 events of source.ip 203.0.113.9 within 60 s", "同一地址尝试端口：source.ip 203.0.113.9，60 秒内 15 个事件")]
    [InlineData("Ports Tried by One Address: 12 different values of user.name within 5m, source.ip 203.0.113.9", "同一地址尝试端口：source.ip 203.0.113.9，5 分钟内 user.name 有 12 个不同值")]
    [InlineData("Ports Tried by One Address: host.name plc-1, nothing (events) in 10 min; 42 was usual", "同一地址尝试端口：host.name plc-1，10 分钟内 无（events），通常为 42")]
    [InlineData("Ports Tried by One Address: user.name ann was seen for the first time in 7 days", "同一地址尝试端口：user.name ann 为 7 天来首次出现")]
    [InlineData("Ports Tried by One Address: 3 of 3 rules matched in order within 1h, host.name bas-01", "同一地址尝试端口：host.name bas-01，1 小时内 3 条规则中 3 条依次命中")]
    [InlineData("Ports Tried by One Address: words of another tool", "同一地址尝试端口：words of another tool")]
    [InlineData("Ports Tried by One Address on fw-01", "同一地址尝试端口：fw-01")]
    [InlineData("Syslog (TCP) has sent nothing since 2026-12-01 08:57:48 UTC; a frame every 2 s was usual", "Syslog (TCP) 自 2026-12-01 08:57:48 UTC 起没有数据，此前通常每 2 秒一条")]
    [InlineData("Somebody's Rule on bas-01", "Somebody's Rule on bas-01")]
    [InlineData("", "")]
    public void Title_BeginsWithARuleOfOurs_IsSaidInTheViewersLanguage(string kept, string said)
    {
        Assert.Equal(said, In("zh-Hans").Title(kept));
        Assert.Equal(kept, In("en").Title(kept));
    }

    [Fact]
    public void Title_EveryRuleOfThePack_HasItsChinese()
    {
        var texts = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Repository.Root, "alerting", "data", "texts.zh-Hans.json")))!;
        var titles = Directory.EnumerateFiles(Path.Combine(Repository.Root, "detection", "rules"), "*.yml", SearchOption.AllDirectories).Where(f => !f.EndsWith(".cases.yml", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Where(l => l.StartsWith("title: ", StringComparison.Ordinal)).Select(l => l[7..].Trim('"', '\'', ' ')).ToList();
        Assert.True(titles.Count > 90);
        Assert.Equal([], titles.Except(texts.Keys));
    }

    [Fact]
    public void Technique_EachOfTheMatrix_HasItsChinese()
    {
        var texts = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Repository.Root, "alerting", "data", "texts.zh-Hans.json")))!;
        var names = Beacon.Detections.Attack.AttackCatalog.Techniques.Where(t => t.Domain != Beacon.Detections.Attack.AttackDomain.Mobile && t.State.Length == 0 && !t.Id.Contains('.', StringComparison.Ordinal)).Select(t => t.Name).Distinct().ToList();
        Assert.True(names.Count > 270);
        Assert.Equal([], names.Where(n => !texts.TryGetValue(n, out var chinese) || !chinese.Any(c => c is >= '\u4e00' and <= '\u9fff')));
    }

    [Fact]
    public void Said_DescriptionAndHarmlessCausesOfEveryRuleOfThePack_AreThereInChinese()
    {
        var texts = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Repository.Root, "alerting", "data", "texts.zh-Hans.json")))!;
        var said = Directory.EnumerateFiles(Path.Combine(Repository.Root, "detection", "rules"), "*.yml", SearchOption.AllDirectories).Where(f => !f.EndsWith(".cases.yml", StringComparison.Ordinal)).SelectMany(Words).ToList();
        Assert.True(said.Count > 190);
        Assert.Equal([], said.Where(s => !texts.TryGetValue(s, out var chinese) || !chinese.Any(c => c is >= '\u4e00' and <= '\u9fff')));
    }

    [Fact]
    public void Said_TextOfARuleOfOurs_IsFoundWhateverItsLinesAndOthersStayAsTheyAre()
    {
        Assert.Equal("打开命令行", In("zh-Hans").Said("Shell\n  Opened\n"));
        Assert.Equal("Somebody's\ntext", In("zh-Hans").Said("Somebody's\ntext"));
        Assert.Equal("Shell\n  Opened\n", In("en").Said("Shell\n  Opened\n"));
    }

    // The folded text of "description: |", and the items of "falsepositives:", as the pack writes them.
    private static IEnumerable<string> Words(string file)
    {
        foreach (var block in Block().Matches(File.ReadAllText(file)).Select(m => (Key: m.Groups[1].Value, Lines: m.Groups[2].Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))))
        {
            if (block.Key == "description") yield return string.Join(' ', block.Lines.SelectMany(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
            else foreach (var line in block.Lines) yield return line[2..];
        }
    }

    [GeneratedRegex(@"^(description|falsepositives):(?: \|)?\n((?:  .*\n)+)", RegexOptions.Multiline)]
    private static partial Regex Block();

    private AlertWords In(string language)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        return _services.GetRequiredService<AlertWords>();
    }

    private sealed class Texts : IKnownTexts
    {
        public string In(string text, string language) => (language, text) switch { ("zh-Hans", "Shell Opened") => "打开命令行", ("zh-Hans", "Ports Tried by One Address") => "同一地址尝试端口", _ => text };
    }
}
