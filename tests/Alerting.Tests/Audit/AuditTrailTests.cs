using Beacon.Alerting.Audit;
using Beacon.Events;

namespace Beacon.Alerting.Tests.Audit;

public sealed class AuditTrailTests
{
    [Fact]
    public async Task Append_ThenVerify_IsIntactUntilAByteChanges()
    {
        using var house = new TestHouse();
        for (var i = 0; i < 30; i++) await house.Audit.AppendAsync(new AuditRecord("ann", "user.sign-in", "user:ann", After: "{\"n\":" + i + "}"));
        Assert.Equal((30, null), ((int)(await house.Audit.VerifyAsync()).Checked, (await house.Audit.VerifyAsync()).FirstBroken));
        await house.Database.WriteAsync(t => t.Execute("UPDATE alerting_audit SET actor = 'bob' WHERE sequence = 17"));
        Assert.Equal(17, (await house.Audit.VerifyAsync()).FirstBroken);
    }

    [Fact]
    public async Task Append_InATransactionThatRollsBack_LeavesNoGap()
    {
        using var house = new TestHouse();
        await house.Audit.AppendAsync(new AuditRecord("a", "x", ""));
        await Assert.ThrowsAsync<InvalidOperationException>(() => house.Database.WriteAsync<int>(t =>
        {
            house.Audit.Append(t, new AuditRecord("a", "y", ""));
            throw new InvalidOperationException();
        }));
        await house.Audit.AppendAsync(new AuditRecord("a", "z", ""));
        Assert.Equal(["z", "x"], (await house.Audit.QueryAsync(new AuditQuery())).Select(e => e.Action));
        Assert.True((await house.Audit.VerifyAsync()).Intact);
    }

    [Fact]
    public async Task Query_ByActorActionStartAndPage()
    {
        using var house = new TestHouse();
        foreach (var (who, what) in new[] { ("ann", "alert.dismiss"), ("bob", "alert.shelve"), ("ann", "user.sign-in"), ("ann", "al%rt") })
            await house.Audit.AppendAsync(new AuditRecord(who, what, "o", Reason: new string('r', 9_000)));
        Assert.Equal(2, (await house.Audit.QueryAsync(new AuditQuery { Action = "alert." })).Count);
        Assert.Single(await house.Audit.QueryAsync(new AuditQuery { Action = "al%" }));
        Assert.Equal(3, (await house.Audit.QueryAsync(new AuditQuery { Actor = "ann" })).Count);
        Assert.Equal(2, (await house.Audit.QueryAsync(new AuditQuery { Before = 3 })).Count);
        Assert.All(await house.Audit.QueryAsync(new AuditQuery { Limit = 1 }), e => Assert.Equal(IAuditTrail.MaxTextLength, e.Reason.Length));
    }
}
