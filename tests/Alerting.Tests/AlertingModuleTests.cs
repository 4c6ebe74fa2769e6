using Beacon.Alerting.Alerts;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting.Tests;

public sealed class AlertingModuleTests
{
    [Fact]
    public async Task HostedServices_StartTickAndStop()
    {
        using var house = new TestHouse();
        await house.TakeAsync(Detections.Of(severity: Severity.Low));
        var alert = await house.OnlyAlertAsync();
        await house.Alerts.ShelveAsync(alert.Id, alert.Version, TestHouse.Start.AddMinutes(5), new Actor("ann"), "patching");
        var services = house.Get<IEnumerable<IHostedService>>().ToList();
        Assert.Equal(5, services.Count);
        foreach (var service in services) await service.StartAsync(TestContext.Current.CancellationToken);
        var from = house.Feed.LatestSequence;
        house.Clock.Advance(TimeSpan.FromMinutes(5));
        await house.Get<AlertingClock>().TickAsync(TestContext.Current.CancellationToken);
        await house.Feed.WaitAsync(from, TestContext.Current.CancellationToken);
        Assert.Null((await house.OnlyAlertAsync()).ShelvedUntil);
        foreach (var service in services) await service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void AddAlerting_SettingOutOfRange_NamesTheKey()
    {
        var fault = Assert.Throws<OptionsValidationException>(() => new ServiceCollection().AddAlerting(new AlertingOptions { EvidencePerAlert = 0, GroupingWindow = TimeSpan.FromDays(400) }));
        Assert.Contains("Alerting:EvidencePerAlert", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Alerting:GroupingWindow", fault.Message, StringComparison.Ordinal);
    }
}
