using Beacon.Collectors.Receivers;
using Beacon.Collectors.Tests.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Beacon.Collectors.Tests;

public sealed class CollectorsModuleTests
{
    [Fact]
    public void AddCollectors_OptionsOutOfRange_NamesEveryKey()
    {
        var options = new CollectorsOptions { SpoolDirectory = "", SyslogPort = 70_000, SyslogAddress = "here", TimeZone = "Mars/Olympus", StoreBatchEvents = 0 };
        var fault = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddCollectors(options));
        foreach (var key in (string[])["SpoolDirectory", "SyslogPort", "SyslogAddress", "TimeZone", "StoreBatchEvents"])
            Assert.Contains(fault.Failures, f => f.StartsWith("Collectors:", StringComparison.Ordinal) && f.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receivers_AllOfThem_AreRegistered()
    {
        using var folder = new TestFolder();
        await using var rig = await Rig.CreateAsync(folder.Path, start: false);
        var registered = rig.Services.GetServices<IReceiver>().Select(r => r.GetType()).ToHashSet();
        var all = typeof(IReceiver).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IReceiver).IsAssignableFrom(t));
        Assert.All(all, t => Assert.Contains(t, registered));
        Assert.Equal(registered.Count, rig.Sources.Kinds.Count);
    }

    [Fact]
    public async Task FirstStart_MakesTheDefaultSourcesOnce()
    {
        using var folder = new TestFolder();
        await using (var rig = await Rig.CreateAsync(folder.Path))
        {
            Assert.Equal(["http", "syslog-tcp", "syslog-udp"], rig.Sources.Statuses.Select(s => s.Definition.Id).Order());
            await rig.Sources.RemoveAsync("syslog-udp", default);
        }
        await using var again = await Rig.CreateAsync(folder.Path);
        Assert.Equal(["http", "syslog-tcp"], again.Sources.Statuses.Select(s => s.Definition.Id).Order());
    }
}
