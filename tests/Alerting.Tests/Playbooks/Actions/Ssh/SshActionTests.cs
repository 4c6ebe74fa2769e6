using System.Net;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Ssh;

/// <summary>Against a real sshd.</summary>
public sealed class SshActionTests(Sshd server) : IClassFixture<Sshd>
{
    private AlertingOptions Options(Action<AlertingOptions>? more = null)
    {
        server.MustRun();
        var options = new AlertingOptions();
        options.Ssh.AllowedHosts.Add($"127.0.0.1:{server.Port}");
        options.Ssh.HostKeys.Add($"127.0.0.1:{server.Port} {server.Fingerprint}");
        options.AllowedPrivateHosts.Add("127.0.0.1");
        more?.Invoke(options);
        return options;
    }

    private ActionRun Command(string command) => new ActionRun { Secrets = [("ssh", server.PrivateKey)] }.Ssh("127.0.0.1", server.Port, command);

    private Task<ActionResult> RunAsync(ActionRun run, Action<AlertingOptions>? more = null, TimeProvider? time = null, IHostResolver? resolver = null) =>
        run.RunAsync(Reading.Ssh(Options(more), time, resolver), time);

    [Fact]
    public async Task Run_Success_TakesExitCodeAndOutputs()
    {
        var result = await RunAsync(Command("echo '{\"rule\": 7}'; echo noise >&2").Outputs("__rule__", "__exit_code__", "__stdout__", "__stderr__"));
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal(("7", "0", "{\"rule\": 7}", "noise"), (result.Outputs["__rule__"], result.Outputs["__exit_code__"], result.Outputs["__stdout__"], result.Outputs["__stderr__"]));
    }

    [Fact]
    public async Task Run_ExitCode_IsAFailureThatSaysWhy()
    {
        var result = await RunAsync(Command("echo no such set >&2; exit 3").Outputs("__exit_code__"));
        Assert.False(result.Succeeded);
        Assert.Contains("exit 3: no such set", result.Said, StringComparison.Ordinal);
        Assert.Equal("3", result.Outputs["__exit_code__"]);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("it's")]
    [InlineData("$(touch pwned)`touch pwned`")]
    [InlineData("a\nb; touch pwned #")]
    [InlineData("\"; touch pwned; \"")]
    [InlineData("\\' ; touch pwned ; '")]
    [InlineData("-n 密码 \t *")]
    [InlineData("")]
    public async Task Run_HostileValue_ComesAsOneWord(string value)
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Folder, Guid.NewGuid().ToString("N")));
        var result = await RunAsync(Command($"cd {folder.FullName} && printf '<%s>' __v__:value \"a __v__:value b\" 'c __v__:value d'; ls").With("__v__", value).Outputs("__stdout__"));
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal($"<{value}><a {value} b><c {value} d>", result.Outputs["__stdout__"]);
        Assert.Empty(folder.GetFiles());
    }

    [Fact]
    public async Task Run_ValueWithNul_IsRefused() => Assert.Contains("NUL", (await RunAsync(Command("echo __v__:value").With("__v__", "a\0b"))).Said, StringComparison.Ordinal);

    [Fact]
    public async Task Run_ConstantAsWholeCommand_IsRunAsItIs() => Assert.True((await RunAsync(Command("__command__:value").With("__command__", "ls -la / >/dev/null", constant: true))).Succeeded);

    [Fact]
    public async Task Run_WrongHostKey_SendsNothing()
    {
        var result = await RunAsync(Command("echo hello"), o =>
        {
            o.Ssh.HostKeys.Clear();
            o.Ssh.HostKeys.Add($"127.0.0.1:{server.Port} SHA256:{new string('A', 43)}");
        });
        Assert.False(result.Succeeded);
        Assert.Contains("is none of those known", result.Said, StringComparison.Ordinal);
        Assert.Contains(server.Fingerprint, result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoHostKeyKnown_IsRefusedWithTheSetting() => Assert.Contains("Alerting:Ssh:HostKeys", (await RunAsync(Command("true"), o => o.Ssh.HostKeys.Clear())).Said, StringComparison.Ordinal);

    [Fact]
    public async Task Run_KnownHostsFile_IsEnough() => Assert.True((await RunAsync(Command("true"), o =>
    {
        o.Ssh.HostKeys.Clear();
        o.Ssh.KnownHostsFile = server.KnownHostsFile;
    })).Succeeded);

    [Fact]
    public async Task Run_NotAllowedOrPrivate_IsRefusedWithTheSetting()
    {
        Assert.Contains("Alerting:Ssh:AllowedHosts", (await RunAsync(Command("true"), o => o.Ssh.AllowedHosts.Clear())).Said, StringComparison.Ordinal);
        Assert.Contains("not in Alerting:Ssh:AllowedHosts", (await RunAsync(Command("true"), o => o.Ssh.AllowedHosts[0] = "127.0.0.1")).Said, StringComparison.Ordinal);
        Assert.Contains("private addresses", (await RunAsync(Command("true"), o => o.AllowedPrivateHosts.Clear())).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NameThatTurnsPrivate_IsNotFollowed()
    {
        var run = new ActionRun { Secrets = [("ssh", server.PrivateKey)] }.Ssh("fw.example.org", server.Port, "true");
        var result = await RunAsync(run, o =>
        {
            o.Ssh.AllowedHosts.Add($"fw.example.org:{server.Port}");
            o.Ssh.HostKeys.Add($"fw.example.org:{server.Port} {server.Fingerprint}");
        }, resolver: new FixedResolver(IPAddress.Loopback));
        Assert.Contains("private addresses", result.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_WrongCredentials_AreNeverSaid(bool password)
    {
        var run = Command("true");
        run.Secrets = [("ssh", password ? "hunter2-hunter2" : server.OtherKey)];
        var result = await RunAsync(run);
        Assert.False(result.Succeeded);
        Assert.Contains("refused", result.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SecretInTheOutput_IsMasked()
    {
        var line = server.PrivateKey.Split('\n')[1];
        var result = await RunAsync(Command($"echo {line}").Outputs("__stdout__"));
        Assert.DoesNotContain(line, result.Said + result.Outputs["__stdout__"], StringComparison.Ordinal);
        Assert.Equal("•••", result.Outputs["__stdout__"]);
    }

    [Fact]
    public async Task Run_TooMuchOutput_IsStopped() => Assert.Contains("more than 4096 bytes", (await RunAsync(Command("yes"), o => o.Ssh.OutputBytes = 4_096)).Said, StringComparison.Ordinal);

    [Fact]
    public async Task Run_NoEnd_TimesOutByTheClock()
    {
        var clock = new FakeTimeProvider(TestHouse.Start);
        var mark = Path.Combine(server.Folder, "began");
        using var watch = new FileSystemWatcher(server.Folder, "began") { EnableRaisingEvents = true };
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Created += (_, _) => began.TrySetResult();
        var run = RunAsync(Command($"touch {mark}; exec sleep 600"), time: clock);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));
        var result = await run;
        Assert.False(result.Succeeded);
        Assert.Contains("did not end within 60 s", result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_FillsInQuotesAndCallsNothing()
    {
        var action = Reading.Ssh(Options());
        Assert.Equal([$"ssh 127.0.0.1:{server.Port}: nft add element inet filter blocked '{{ 203.0.113.4 }}'"], action.Describe(Command("nft add element inet filter blocked __v__:value").With("__v__", "{ 203.0.113.4 }").Call(action), Command("nft add element inet filter blocked __v__:value").With("__v__", "").Call(action).Step.Commands[0]));
    }

    [Fact]
    public void Check_WhatItCannotDo_IsRefusedBeforeARun()
    {
        var action = Reading.Ssh(new AlertingOptions());
        var run = new ActionRun().Ssh("127.0.0.1", 22, "echo `cat __v__:value`").With("__v__", "x");
        run.Book.Root["target_definitions"]![ActionRun.SshTarget]!.AsObject().Remove("authentication_info");
        var faults = run.Read(action).Faults;
        Assert.Contains(faults, f => f.Code == "CACAO-208" && f.Path.EndsWith(".commands[0].command", StringComparison.Ordinal) && f.Message.ToString().Contains("backquotes", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Code == "CACAO-204" && f.Path.EndsWith(".authentication_info", StringComparison.Ordinal));
    }
}
