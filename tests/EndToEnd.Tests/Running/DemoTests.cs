using Beacon.EndToEnd.Tests.Support;

namespace Beacon.EndToEnd.Tests.Running;

/// <summary>The demonstration as its visitor starts it: the program by itself, to its orange warning, incident and playbook.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task UntilWarning_OnTheChosenStore_EndsWithAWarningAnIncidentAndARunningPlaybook()
    {
        await using var store = ChosenStore.Make();
        var settings = store.Settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value!);
        var output = await BeaconProcess.RunAsync(["demo", "--headless", "--until-warning", "--speed", "10", "--listen", "http://127.0.0.1:0", "--syslog-port", "0"], settings);
        Assert.Contains("Warning Orange", output, StringComparison.Ordinal);
        Assert.Contains("Playbook", output, StringComparison.Ordinal);
        Assert.Contains("INC-", output, StringComparison.Ordinal);
    }
}
