using Beacon.Events;
using Beacon.Events.QueryLanguage;
using CsCheck;

namespace Beacon.Storage.Tests.QueryLanguage;

public sealed class EventQueryTextTests
{
    private static string Show(EventFilter filter) => filter switch
    {
        AllFilter => "all",
        AndFilter a => "(" + string.Join(" & ", a.Parts.Select(Show)) + ")",
        OrFilter o => "(" + string.Join(" | ", o.Parts.Select(Show)) + ")",
        NotFilter n => "!" + Show(n.Part),
        FieldFilter f => $"{f.Field} {f.Test} {f.Value}",
        TextFilter t => $"'{t.Text}'",
        _ => throw new InvalidOperationException(),
    };

    [Theory]
    [InlineData("", "all")]
    [InlineData("failed password", "('failed' & 'password')")]
    [InlineData("\"failed password\"", "'failed password'")]
    [InlineData("user.name:root", "user.name Equals root")]
    [InlineData("user.name:ro*", "user.name Wildcard ro*")]
    [InlineData("user.name:*", "user.name Exists ")]
    [InlineData("source.port:>=1024", "source.port GreaterOrEqual 1024")]
    [InlineData("source.port:[1 TO 9]", "(source.port GreaterOrEqual 1 & source.port LessOrEqual 9)")]
    [InlineData("source.port:[* TO 9]", "source.port LessOrEqual 9")]
    [InlineData("source.ip:10.0.0.0/8", "source.ip Cidr 10.0.0.0/8")]
    [InlineData("source.ip:2001:db8::1", "source.ip Equals 2001:db8::1")]
    [InlineData("a:1 OR b:2 AND NOT c:3", "(a Equals 1 | (b Equals 2 & !c Equals 3))")]
    [InlineData("(a:1 or b:2) -c:3", "((a Equals 1 | b Equals 2) & !c Equals 3)")]
    [InlineData("user.name:(root OR admin*)", "(user.name Equals root | user.name Wildcard admin*)")]
    [InlineData("process.executable:C:\\Windows\\cmd.exe", "process.executable Equals C:\\Windows\\cmd.exe")]
    [InlineData("process.executable:\"C:\\Program Files\\x\\\"", "process.executable Equals C:\\Program Files\\x", "the closing quote of a folder's path is doubled or left out")]
    [InlineData("x:a\\*b", "x Equals a*b")]
    [InlineData("x:\"a*b\"", "x Equals a*b")]
    [InlineData("10:30", "'10:30'")]
    [InlineData("\"threat name\":x", "threat name Equals x")]
    [InlineData("x:\"a\\\\\"", "x Equals a\\")]
    [InlineData("x:\"a\\\\\\\"b\"", "x Equals a\\\"b")]
    [InlineData("x:\"C:\\\\server\\y\"", "x Equals C:\\\\server\\y")]
    public void TryParse_GoodQuery_MeansThis(string text, string expected, string? note = null)
    {
        if (note is not null)
        {
            Assert.False(EventQueryText.TryParse(text, out _, out var unclosed));
            Assert.Equal("the quote is not closed", unclosed!.Message);
            return;
        }
        Assert.True(EventQueryText.TryParse(text, out var filter, out var fault), fault?.Message.ToString());
        Assert.Equal(expected, Show(filter));
    }

    [Theory]
    [InlineData("user.name:", 10)]
    [InlineData("(a:1", 0)]
    [InlineData("a:1)", 3)]
    [InlineData("a:1 AND", 7)]
    [InlineData("OR a:1", 0)]
    [InlineData("x:\"abc", 2)]
    [InlineData("x:[1 9]", 2)]
    [InlineData("source.ip:10.0.0.1/99", 10)]
    [InlineData("user.name:>", 11)]
    [InlineData("fail*", 0)]
    public void TryParse_BadQuery_PointsAtTheCharacter(string text, int position)
    {
        Assert.False(EventQueryText.TryParse(text, out _, out var fault));
        Assert.Equal(position, fault!.Position);
        Assert.NotEmpty(fault.Message.ToString());
    }

    [Fact]
    public void TryParse_DeepNesting_IsRefused()
    {
        Assert.False(EventQueryText.TryParse(new string('(', 500), out _, out var fault));
        Assert.Contains("deeper", fault!.Message.ToString(), StringComparison.Ordinal);
        Assert.False(EventQueryText.TryParse(string.Concat(Enumerable.Repeat("NOT ", 900)) + "x", out _, out fault));
        Assert.Contains("deeper", fault!.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_AnyText_AnswersWithoutThrowing() =>
        Gen.String[Gen.OneOf(Gen.Char["()[]\":*?\\-<>=! "], Gen.Char.AlphaNumeric), 0, 40].Sample(text =>
        {
            var ok = EventQueryText.TryParse(text, out _, out var fault);
            Assert.Equal(ok, fault is null);
            if (fault is not null) Assert.InRange(fault.Position, 0, text.Length);
        }, iter: 20_000);
}
