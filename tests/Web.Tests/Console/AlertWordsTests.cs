using System.Globalization;
using Beacon.Alerting.Warnings;
using Beacon.Web.Console.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Web.Tests.Console;

public sealed class AlertWordsTests : IDisposable
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
    [InlineData("Ports Tried by One Address: 15 events of source.ip 203.0.113.9 within 60 s", "同一地址尝试端口：60 s 内 15 个事件，source.ip 203.0.113.9")]
    [InlineData("Ports Tried by One Address: 12 different values of destination.port within 5m, source.ip 203.0.113.9", "同一地址尝试端口：5m 内 destination.port 有 12 个不同取值，source.ip 203.0.113.9")]
    [InlineData("Ports Tried by One Address: 2 of 2 rules matched in order within 15m, source.ip 203.0.113.9, user.name ann", "同一地址尝试端口：15m 内 2 条规则中 2 条依次匹配，source.ip 203.0.113.9，user.name ann")]
    [InlineData("Ports Tried by One Address: 1 of 2 rules matched within 1h", "同一地址尝试端口：1h 内 2 条规则中 1 条匹配")]
    [InlineData("Ports Tried by One Address: the median of x is 3 within 1h", "同一地址尝试端口：the median of x is 3 within 1h")]
    [InlineData("Ports Tried by One Address on fw-01", "同一地址尝试端口：fw-01")]
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
