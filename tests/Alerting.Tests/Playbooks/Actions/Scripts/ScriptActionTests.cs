using System.Text.Json.Nodes;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.Scripts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Beacon.Alerting.Tests.Playbooks.Actions.Scripts;

/// <summary>With the machine's bash, and a pwsh that writes down how it was called. They pass as root and as any other account.</summary>
public sealed class ScriptActionTests : IDisposable
{
    private const string Here = "linux--88888888-8888-4888-8888-888888888888";

    private readonly ScriptPlace _place = new();

    public void Dispose() => _place.Dispose();

    private static ScriptAction Of(AlertingOptions options, TimeProvider? time = null) => new(Options.Create(options), time ?? TimeProvider.System, NullLogger<ScriptAction>.Instance);
    private static ActionRun Script(string text, string type = "bash") => new ActionRun().Step(new JsonObject { ["type"] = type, ["command"] = text });
    private Task<ActionResult> RunAsync(ActionRun run, Action<AlertingOptions>? more = null, TimeProvider? time = null) => run.RunAsync(Of(_place.Options(more), time), time);

    private static ActionRun InArgs(ActionRun run, params string[] names)
    {
        run.Book.Workflow[PlaybookJson.A("a")]!["in_args"] = new JsonArray([.. names.Select(n => (JsonNode)n)]);
        return run;
    }

    [Fact]
    public async Task Run_Success_TakesExitCodeAndOutputs()
    {
        var result = await RunAsync(Script("set -e\nx=7\necho \"{\\\"rule\\\": $x}\"\necho noise >&2").Outputs("__rule__", "__exit_code__", "__stdout__", "__stderr__"));
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal(("7", "0", "{\"rule\": 7}", "noise"), (result.Outputs["__rule__"], result.Outputs["__exit_code__"], result.Outputs["__stdout__"], result.Outputs["__stderr__"]));
    }

    [Theory]
    [InlineData("echo no such set >&2; exit 3", "exit 3: no such set")]
    [InlineData("kill -9 $$", "exit 137")]
    [InlineData("if", "syntax error")]
    [InlineData("set -e\nfalse\necho never", "exit 1")]
    public async Task Run_Failure_SaysWhy(string script, string why)
    {
        var result = await RunAsync(Script(script));
        Assert.False(result.Succeeded);
        Assert.Contains(why, result.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("never", result.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Rights_AreThoseOfTheAccountAndNoMore()
    {
        var result = await RunAsync(Script("id -un; id -G | wc -w; grep -c 'NoNewPrivs:.1' /proc/self/status; grep CapEff /proc/self/status; grep CapInh /proc/self/status").Outputs("__stdout__"));
        Assert.True(result.Succeeded, result.Said);
        var lines = result.Outputs["__stdout__"].Split('\n');
        Assert.Equal((ScriptPlace.Account, "1"), (lines[0], lines[2]));
        if (Environment.IsPrivilegedProcess) Assert.Equal("1", lines[1]);
        Assert.All(lines[3..], l => Assert.EndsWith("0000000000000000", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_Environment_HasTheShortListOnly()
    {
        Environment.SetEnvironmentVariable("BEACON_TEST_SECRET", "hunter2");
        var run = InArgs(Script("env | cut -d= -f1 | sort | tr '\\n' ' '; echo; echo $__given__; echo $PATH").Outputs("__stdout__").With("__given__", "a  'b'").With("__other__", "c"), "__given__");
        var lines = (await RunAsync(run)).Outputs["__stdout__"].Split('\n');
        // PWD, SHLVL and _ are bash's own.
        Assert.Equal("BEACON_IDEMPOTENCY_KEY BEACON_SCRIPT HOME LANG LOGNAME NO_COLOR PATH POWERSHELL_TELEMETRY_OPTOUT POWERSHELL_UPDATECHECK PWD SHLVL TMPDIR USER _ __given__", lines[0].Trim());
        Assert.Equal(("a 'b'", _place.At("bin") + ":/usr/bin:/bin"), (lines[1], lines[2]));
    }

    [Fact]
    public async Task Run_Key_IsInTheEnvironment() => Assert.Equal("key-1", (await RunAsync(Script("echo $BEACON_IDEMPOTENCY_KEY").Outputs("__stdout__"))).Outputs["__stdout__"]);

    [Fact]
    public async Task Run_Folder_IsEmptyItsOwnAndRemoved()
    {
        var result = await RunAsync(Script("pwd; ls -A | wc -l; [ \"$HOME\" = \"$PWD\" ] && echo home; mkdir -p a/b && touch a/b/c 'a/ \n d' && ln -s / away && chmod 0 a/b a; echo x >> .hidden").Outputs("__stdout__"));
        Assert.True(result.Succeeded, result.Said);
        var lines = result.Outputs["__stdout__"].Split('\n');
        Assert.Equal(("0", "home"), (lines[1], lines[2]));
        Assert.False(Directory.Exists(lines[0]));
        Assert.False(Directory.Exists(Path.GetDirectoryName(lines[0])));
        Assert.DoesNotContain("could not be removed", result.Said, StringComparison.Ordinal);
        Assert.True(Directory.Exists("/usr/bin"));
    }

    [Fact]
    public async Task Run_Folder_CannotBeExchanged()
    {
        var result = await RunAsync(Script("mv \"$PWD\" \"$PWD.other\" 2>&1 || rmdir \"$PWD\" 2>&1 || echo kept").Outputs("__stdout__"));
        // As root's guest it cannot; another account owns what is around it, too, and only harms itself.
        if (Environment.IsPrivilegedProcess) Assert.EndsWith("kept", result.Outputs["__stdout__"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Input_IsAtItsEnd() => Assert.Equal("[]", (await RunAsync(Script("echo [$(cat)]").Outputs("__stdout__"))).Outputs["__stdout__"]);

    [Theory]
    [InlineData("$(reboot)`reboot`")]
    [InlineData("a\nb; touch pwned #")]
    [InlineData("\"; touch pwned; \"")]
    [InlineData("' ; touch pwned ; '")]
    [InlineData("-n 密码 \t *")]
    [InlineData("\\")]
    [InlineData("")]
    public async Task Run_HostileValue_StaysAValue(string value)
    {
        var run = InArgs(Script("printf '<%s>' __v__:value \"a __v__:value b\" 'c __v__:value d' \"$__v__\"; ls -A").With("__v__", value).Outputs("__stdout__"), "__v__");
        var result = await RunAsync(run);
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal($"<{value}><a {value} b><c {value} d><{value}>", result.Outputs["__stdout__"]);
    }

    [Theory]
    [InlineData("echo __v__:value", false)]
    [InlineData("echo $__v__", true)]
    public async Task Run_ValueWithNul_IsRefused(string script, bool given)
    {
        var run = Script(script).With("__v__", "a\0b");
        Assert.Contains("NUL", (await RunAsync(given ? InArgs(run, "__v__") : run)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MuchOutput_IsCutAndTold()
    {
        var result = await RunAsync(Script("yes | head -c 3000000; yes | head -c 3000000 >&2; echo; echo end").Outputs("__stdout__"), o => o.Scripts.OutputBytes = 4_096);
        Assert.True(result.Succeeded, result.Said);
        Assert.Contains("(cut after 4096 bytes)", result.Said, StringComparison.Ordinal);
        Assert.Equal(4_096, result.Outputs["__stdout__"].Length);
    }

    [Fact]
    public async Task Run_NoEnd_IsStoppedWithAllItStarted()
    {
        var clock = new FakeTimeProvider(TestHouse.Start);
        using var watch = new FileSystemWatcher(_place.Folder, "began") { EnableRaisingEvents = true };
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watch.Created += (_, _) => began.TrySetResult();
        // One that stays, one in a session of its own, one that forgot its environment.
        var run = RunAsync(Script($"sleep 4001 & setsid sleep 4001 & env -i sleep 4001 & (trap '' TERM HUP; sleep 4001) & touch {_place.At("began")}; sleep 4001"), time: clock);
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromMinutes(1));
        var result = await run;
        Assert.False(result.Succeeded);
        Assert.Contains("did not end within 60 s", result.Said, StringComparison.Ordinal);
        Assert.Empty(Sleeping("4001"));
    }

    [Fact]
    public async Task Run_EndsBeforeWhatItStarted_LeavesNothingRunning()
    {
        var result = await RunAsync(Script("sleep 4002 & setsid sleep 4002 & echo done").Outputs("__stdout__"));
        Assert.True(result.Succeeded, result.Said);
        Assert.Equal("done", result.Outputs["__stdout__"]);
        Assert.Empty(Sleeping("4002"));
    }

    [Fact]
    public async Task Run_Cancelled_LeavesNothingRunning()
    {
        using var watch = new FileSystemWatcher(_place.Folder, "began") { EnableRaisingEvents = true };
        using var stop = new CancellationTokenSource();
        watch.Created += (_, _) => stop.Cancel();
        var action = Of(_place.Options());
        var run = Script($"touch {_place.At("began")}; sleep 4003");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => action.RunAsync(run.Call(action), run.Call(action).Step.Commands[0], stop.Token));
        Assert.Empty(Sleeping("4003"));
    }

    private static List<string> Sleeping(string seconds)
    {
        var found = new List<string>();
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(process, "cmdline")) == $"sleep\0{seconds}\0") found.Add(process);
            }
            catch (IOException)
            {
                // Gone meanwhile.
            }
        }
        return found;
    }

    private static ActionRun WithSecret(ActionRun run, string secret)
    {
        run.Book.Root["authentication_info_definitions"] = new JsonObject { [ActionRun.UserAuth] = new JsonObject { ["type"] = "user-auth", ["username"] = "svc", ["kms"] = true, ["kms_key_identifier"] = "secret:api" } };
        run.Book.Root["target_definitions"] = new JsonObject { [Here] = new JsonObject { ["type"] = "linux", ["name"] = "here", ["address"] = new JsonObject { ["ipv4"] = new JsonArray("127.0.0.1") }, ["authentication_info"] = ActionRun.UserAuth } };
        run.Book.Workflow[PlaybookJson.A("a")]!["targets"] = new JsonArray(Here);
        run.Secrets = [("api", secret)];
        return run;
    }

    [Fact]
    public async Task Run_Secret_IsInTheEnvironmentAndNowhereElse()
    {
        const string secret = "hunter2-hunter2";
        var result = await RunAsync(WithSecret(Script("echo $BEACON_USER; echo -n \"$BEACON_SECRET\" | wc -c; tr '\\0' ' ' </proc/$$/cmdline; echo; echo $BEACON_SECRET").Outputs("__stdout__"), secret));
        Assert.True(result.Succeeded, result.Said);
        var lines = result.Outputs["__stdout__"].Split('\n');
        Assert.Equal(("svc", "15", "•••"), (lines[0], lines[1], lines[^1]));
        Assert.DoesNotContain(secret, result.Said + result.Outputs["__stdout__"], StringComparison.Ordinal);
        var atTheEdge = await RunAsync(WithSecret(Script("head -c 1020 /dev/zero | tr '\\0' x; echo $BEACON_SECRET").Outputs("__stdout__"), secret), o => o.Scripts.OutputBytes = 1_024);
        Assert.DoesNotContain("hunt", atTheEdge.Outputs["__stdout__"], StringComparison.Ordinal);
    }

    [Fact]
    public void Describe_ShowsScriptAccountAndValues()
    {
        var options = _place.Options();
        var run = InArgs(Script("echo __v__:value").With("__v__", "it's").With("__w__", new string('x', 5_000)), "__w__");
        var call = run.Call(Of(options));
        var lines = Of(options).Describe(call, call.Step.Commands[0]);
        Assert.Equal($"bash as {ScriptPlace.Account}: echo 'it'\\''s'", lines[0]);
        Assert.Contains(lines, l => l.StartsWith("__w__ = 'xxx", StringComparison.Ordinal) && l.Contains("5000 characters, SHA-256", StringComparison.Ordinal));
        Assert.Contains("__v__ = 'it's'", lines);
    }

    [Theory]
    [InlineData("bash", "Alerting:Scripts:Bash")]
    [InlineData("powershell", "Alerting:Scripts:PowerShell")]
    public void Check_SwitchedOff_IsRefusedWithTheSetting(string type, string setting)
    {
        var fault = Assert.Single(Script("ls", type).Read(Of(new AlertingOptions())).Faults);
        Assert.Equal(("CACAO-202", $"$.workflow.{PlaybookJson.A("a")}.commands[0].type"), (fault.Code, fault.Path));
        Assert.Contains(setting, fault.Message.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(type, new PlaybookActions([Of(new AlertingOptions())]).Types);
    }

    [Fact]
    public void Check_WhatTheMachineLacks_IsRefusedBeforeARun()
    {
        void Refused(string type, Action<AlertingOptions> more, string why)
        {
            var fault = Assert.Single(Script("ls", type).Read(Of(_place.Options(more))).Faults);
            Assert.Equal("CACAO-202", fault.Code);
            Assert.Contains(why, fault.Message.ToString(), StringComparison.Ordinal);
        }
        Refused("powershell", o => o.Scripts.Path = _place.At("bin"), "there is no pwsh in Alerting:Scripts:Path");
        Refused("bash", o => o.Scripts.User = "no-such-account", "no account 'no-such-account'");
        Refused("bash", o => o.Scripts.User = "root", "no script runs");
        Assert.Empty(Script("ls").Read(Of(_place.Options())).Faults);
    }

    [Fact]
    public void Check_TargetElsewhere_IsRefusedWithItsPath()
    {
        var run = WithSecret(Script("ls"), "x");
        Assert.Empty(run.Read(Of(_place.Options())).Faults);
        run.Book.Root["target_definitions"]![Here]!["address"] = new JsonObject { ["ipv4"] = new JsonArray("192.168.1.2") };
        var fault = Assert.Single(run.Read(Of(_place.Options())).Faults);
        Assert.Equal(("CACAO-209", $"$.target_definitions.{Here}.address"), (fault.Code, fault.Path));
        Assert.Contains("use ssh", fault.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_PlaceWhereQuotesSayNothing_IsRefused()
    {
        Assert.Equal("CACAO-208", Assert.Single(Script("echo `id __v__:value`").With("__v__", "x").Read(Of(_place.Options())).Faults).Code);
        _place.Program("pwsh", "#!/bin/sh\n");
        Assert.Equal("CACAO-208", Assert.Single(Script("echo '__v__:value'", "powershell").With("__v__", "x").Read(Of(_place.Options())).Faults).Code);
    }

    [Fact]
    public async Task PowerShell_Run_GetsScriptByItsInputAndValuesByTheEnvironment()
    {
        _place.Program("pwsh", "#!/bin/bash\nprintf '%s|' \"$@\"; echo; cat; echo; echo \"<$__v__>\"; exit 5\n");
        var result = await RunAsync(Script("Write-Output \"a __v__:value\"", "powershell").With("__v__", "$(reboot)\n'; q").Outputs("__stdout__", "__exit_code__"));
        Assert.False(result.Succeeded);
        Assert.Contains("powershell: exit 5", result.Said, StringComparison.Ordinal);
        Assert.Equal("5", result.Outputs["__exit_code__"]);
        var printed = result.Outputs["__stdout__"];
        Assert.StartsWith("-NoLogo|-NoProfile|-NonInteractive|-Command|", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("reboot", printed.Split('\n')[0], StringComparison.Ordinal);
        Assert.EndsWith("\nWrite-Output \"a ${env:__v__}\"\n<$(reboot)\n'; q>", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PowerShell_OfTheMachine_ReadsValuesAndTellsFailures()
    {
        if (ScriptShell.Find("pwsh", (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')) is not { } pwsh) { Assert.Skip("no pwsh on the PATH"); return; }
        Task<ActionResult> Run(string script) => RunAsync(Script(script, "powershell").With("__v__", "$(reboot)\n‘\"").Outputs("__stdout__"), o => o.Scripts.Path += ":" + Path.GetDirectoryName(pwsh));
        Assert.Equal("a $(reboot)\n‘\" b", (await Run("Write-Output \"a __v__:value b\"")).Outputs["__stdout__"]);
        Assert.Contains("exit 1", (await Run("Get-Item /nowhere; 'after'")).Said, StringComparison.Ordinal);
        Assert.Contains("exit 7", (await Run("exit 7")).Said, StringComparison.Ordinal);
        Assert.Contains("exit 4", (await Run("/bin/sh -c 'exit 4'")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_OfScripts_WaitForApprovalAndAreNeverRepeated()
    {
        var action = Of(_place.Options());
        var step = Script("ls").Call(action).Step;
        Assert.True(action.ChangesTarget(step, step.Commands[0]));
        Assert.False(new PlaybookActions([action]).IsRepeatable(step));
    }
}
