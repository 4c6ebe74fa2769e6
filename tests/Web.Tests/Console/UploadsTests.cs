using Beacon.Web.Console.Pages.Incidents;

namespace Beacon.Web.Tests.Console;

public sealed class UploadsTests
{
    private readonly Uploads _uploads = new();

    [Fact]
    public void Ended_Kept_ShowsTheHashThatTheServerCounted()
    {
        var first = _uploads.Begin(["a.log", "b.log"], [100, 50]);
        _uploads.Progress(first, 40);
        Assert.Equal((40, UploadState.Sending), (_uploads.All[0].Percent, _uploads.All[0].State));
        _uploads.Ended(first, 200, """{"id":1,"sha256":"ab12","name":"a.log"}""");

        Assert.Equal((UploadState.Kept, "ab12", 100), (_uploads.All[0].State, _uploads.All[0].Sha256, _uploads.All[0].Percent));
        Assert.True(_uploads.Going);
        _uploads.Ended(first + 1, -1, "");
        Assert.Equal(UploadState.Stopped, _uploads.All[1].State);
        Assert.False(_uploads.Going);
    }

    [Theory]
    [InlineData(413, """{"detail":"all evidence together has at most 5 bytes"}""", "all evidence together has at most 5 bytes")]
    [InlineData(502, "<html>proxy</html>", "HTTP 502")]
    [InlineData(400, "[1]", "HTTP 400")]
    [InlineData(0, "", "")]
    public void Ended_Refused_SaysWhy(int status, string answer, string said)
    {
        _uploads.Ended(_uploads.Begin(["a"], [5]), status, answer);
        Assert.Equal((UploadState.Refused, said), (_uploads.All[0].State, _uploads.All[0].Said));
    }

    [Fact]
    public void Ended_Twice_TheFirstHolds()
    {
        var first = _uploads.Begin(["a"], [5]);
        _uploads.Ended(first, 200, "{}");
        _uploads.Ended(first, 0, "");
        _uploads.Progress(first, 1);
        Assert.Equal(UploadState.Kept, _uploads.All[0].State);
    }

    [Fact]
    public void Begin_MoreThanAllowed_IsBounded()
    {
        for (var i = 0; i < 10; i++) _uploads.Begin([.. Enumerable.Repeat(new string('x', 5_000), 30)], [.. Enumerable.Repeat(-5L, 30)]);
        Assert.Equal(Uploads.Most, _uploads.All.Count);
        Assert.All(_uploads.All, u => Assert.True(u.Name.Length <= 300 && u.Size == 0 && u.Percent == 0));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_400_000, "1.4 MB")]
    [InlineData(250_000_000_000, "250 GB")]
    [InlineData(long.MaxValue, "9223372 TB")]
    public void ByteText_Size_HasItsUnit(long bytes, string text) => Assert.Equal(text, ByteText.Of(bytes).Replace(",", ".", StringComparison.Ordinal));

    [Fact]
    public void ZoneTime_SkippedHour_IsTheOneAfter()
    {
        var oslo = TimeZoneInfo.FindSystemTimeZoneById("Europe/Oslo");
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 3, 30, 0, TimeSpan.FromHours(2)), ZoneTime.FromField("2026-03-29T02:30", oslo));
        Assert.Equal("2026-07-01T14:05", ZoneTime.ToField(new DateTimeOffset(2026, 7, 1, 12, 5, 59, TimeSpan.Zero), oslo));
        Assert.Null(ZoneTime.FromField("yesterday", oslo));
        Assert.Null(ZoneTime.FromField("0001-01-01T00:00", oslo));
        Assert.Equal("", ZoneTime.ToField(null, oslo));
    }
}
