using Beacon.Collectors.Sources;
using Beacon.Collectors.Tests.Pipeline;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Beacon.Collectors.Tests.Sources;

public sealed class ExpectedSilencesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Expect_ThenEnded_IsKeptWithItsReasonAndOverFromThenOn()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var silences = rig.Services.GetRequiredService<ExpectedSilences>();
        var until = TimeProvider.System.GetUtcNow().AddHours(4);
        Assert.Empty(await silences.ExpectAsync("syslog-tcp", until, " pump revision ", "ann", default));
        var said = silences.Find("syslog-tcp")!;
        Assert.Equal((StateTime.ToMicroseconds(until), "pump revision", "ann"), (StateTime.ToMicroseconds(said.Until), said.Reason, said.By));
        Assert.Equal(said.Until, Activity(rig, "syslog-tcp").SilenceExpectedUntil);
        Assert.Null(Activity(rig, "syslog-udp").SilenceExpectedUntil);

        Assert.True(await silences.EndAsync("syslog-tcp", default));
        Assert.True(silences.Find("syslog-tcp")!.Until <= TimeProvider.System.GetUtcNow());
        Assert.False(await silences.EndAsync("syslog-tcp", default));
    }

    [Theory]
    [InlineData("syslog-tcp", -1, "why", "until")]
    [InlineData("syslog-tcp", 91 * 24, "why", "until")]
    [InlineData("syslog-tcp", 1, " ", "reason")]
    [InlineData("nobody", 1, "why", "id")]
    public async Task Expect_PastFarWithoutReasonOrOfNoSource_IsRefused(string source, int hours, string reason, string key)
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var silences = rig.Services.GetRequiredService<ExpectedSilences>();
        Assert.Equal(key, (await silences.ExpectAsync(source, TimeProvider.System.GetUtcNow().AddHours(hours), reason, "ann", default)).Single().Key);
        Assert.Null(silences.Find(source));
    }

    [Fact]
    public async Task Remove_OfASourceThatWasToBeSilent_ForgetsThat()
    {
        await using var rig = await Rig.CreateAsync(_folder.Path);
        var silences = rig.Services.GetRequiredService<ExpectedSilences>();
        await silences.ExpectAsync("syslog-tcp", TimeProvider.System.GetUtcNow().AddHours(1), "why", "ann", default);
        Assert.True(await rig.Sources.RemoveAsync("syslog-tcp", default));
        Assert.Null(silences.Find("syslog-tcp"));
    }

    private static SourceActivity Activity(Rig rig, string id) => rig.Services.GetRequiredService<ISourceActivity>().Sources.Single(s => s.Id == id);
}
