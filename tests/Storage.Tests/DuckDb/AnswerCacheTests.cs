using Beacon.Storage.DuckDb;

namespace Beacon.Storage.Tests.DuckDb;

public sealed class AnswerCacheTests
{
    private readonly AnswerCache _cache = new();

    [Fact]
    public void TryGet_SameDays_GivesWhatWasKept()
    {
        _cache.Keep<long>("q", "d1:5", [7]);
        Assert.True(_cache.TryGet<long>("q", "d1:5", out var answer));
        Assert.Equal([7], answer);
    }

    [Theory]
    [InlineData("q", "d1:6")]
    [InlineData("other", "d1:5")]
    public void TryGet_OtherDaysOrQuestion_GivesNothing(string question, string days)
    {
        _cache.Keep<long>("q", "d1:5", [7]);
        Assert.False(_cache.TryGet<long>(question, days, out _));
    }

    [Fact]
    public void Keep_LargeAnswerOrQuestion_IsNotKept()
    {
        _cache.Keep("rows", "d", new int[AnswerCache.MostRows + 1]);
        _cache.Keep(new string('q', AnswerCache.MostCharacters + 1), "d", new int[1]);
        Assert.False(_cache.TryGet<int>("rows", "d", out _));
        Assert.False(_cache.TryGet<int>(new string('q', AnswerCache.MostCharacters + 1), "d", out _));
    }

    [Fact]
    public void Keep_MoreThanItsRows_ForgetsWhatWasUsedLongestAgo()
    {
        var many = AnswerCache.MostRowsTogether / AnswerCache.MostRows;
        _cache.Keep<int>("first", "d", [1]);
        _cache.Keep<int>("second", "d", [2]);
        for (var i = 0; i < many; i++)
        {
            Assert.True(_cache.TryGet<int>("first", "d", out _));
            _cache.Keep($"large {i}", "d", new int[AnswerCache.MostRows]);
        }
        Assert.True(_cache.TryGet<int>("first", "d", out _));
        Assert.False(_cache.TryGet<int>("second", "d", out _));
        Assert.False(_cache.TryGet<int>("large 0", "d", out _));
    }
}
