using Beacon.Detections.Scheduled.Anomaly;

namespace Beacon.Detections.Tests.Scheduled.Anomaly;

public sealed class AlarmGateTests
{
    [Fact]
    public void Pass_SoonAfterAnAlarm_IsHeldBackUnlessFarStranger()
    {
        var gate = new AlarmGate(100);

        Assert.Equal(4, gate.Pass(4));
        Assert.Equal(0, gate.Pass(10));
        Assert.True(gate.Pass(40) > AlarmGate.Alarm);
    }

    [Fact]
    public void Pass_FifthOfTheLearningLater_IsANewEvent()
    {
        var gate = new AlarmGate(100);
        gate.Pass(4);
        for (var i = 0; i < 19; i++) Assert.Equal(0, gate.Pass(4));

        Assert.True(gate.Pass(4) > 0);
    }

    [Fact]
    public void Pass_BelowAnAlarm_HoldsNothingBack()
    {
        var gate = new AlarmGate(100);

        Assert.Equal(2, gate.Pass(2));
        Assert.Equal(2, gate.Pass(2));
    }

    [Fact]
    public void Pass_AfterManyAlarms_CountsLessAndRecoversInTime()
    {
        var gate = new AlarmGate(40);
        for (var i = 0; i < 50; i++)
        {
            for (var j = 0; j < 8; j++) gate.Step();
            gate.Pass(100);
        }
        var tired = gate.Pass(1);
        for (var i = 0; i < 40 * 400; i++) gate.Step();
        for (var i = 0; i < 8; i++) gate.Pass(0);

        Assert.True(tired < 0.5);
        Assert.True(gate.Pass(1) > 0.8);
    }
}
