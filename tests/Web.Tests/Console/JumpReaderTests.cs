using Beacon.Web.Console.Shell.Jump;

namespace Beacon.Web.Tests.Console;

public sealed class JumpReaderTests
{
    [Theory]
    [InlineData("A-20931", 20931L)]
    [InlineData("a-7", 7L)]
    [InlineData("20931", 20931L)]
    [InlineData("A-", null)]
    [InlineData("-7", null)]
    [InlineData("A-20 931", null)]
    [InlineData("A-99999999999999999999", null)]
    [InlineData("INC-2026-0031", null)]
    public void NumberOf_AsPeopleSayIt_IsTheAlertsId(string text, long? id) => Assert.Equal(id, JumpReader.NumberOf(text));
}
