using Beacon.Web.Console.Pages.Live;

namespace Beacon.Web.Tests.Console.Live;

public sealed class WrittenAddressTests
{
    private readonly WrittenAddress _address = new();

    [Fact]
    public void IsForeign_ALinkOrTheFirstAddress_MovesTheCursor()
    {
        Assert.True(_address.IsForeign(5));
        Assert.True(_address.IsForeign(7));
        Assert.False(_address.IsForeign(null));
        Assert.True(_address.IsForeign(7));
    }

    // The keys are quicker than the browser: the cursor is on 3 while 1 and 2 come back.
    [Fact]
    public void IsForeign_OwnWritingComesBackLate_MovesNothing()
    {
        foreach (var alert in new long[] { 1, 2, 3, 2 }) Assert.True(_address.Write(alert));
        foreach (var alert in new long[] { 1, 2, 3, 2 }) Assert.False(_address.IsForeign(alert));
        Assert.True(_address.IsForeign(1));
    }

    [Fact]
    public void Write_WhatStandsThere_IsNotWrittenAgain()
    {
        Assert.True(_address.IsForeign(4));
        Assert.False(_address.Write(4));
        Assert.True(_address.Write(6));
        Assert.False(_address.Write(6));
        Assert.False(_address.IsForeign(6));
        Assert.False(_address.IsForeign(6));
    }
}
