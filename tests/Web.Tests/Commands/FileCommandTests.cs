using System.CommandLine;
using Beacon.Web.Commands;

namespace Beacon.Web.Tests.Commands;

/// <summary>Commands that read files only work where no Beacon was ever started.</summary>
public sealed class FileCommandTests
{
    [Fact]
    public async Task DrillList_WithoutAnyState_ListsWhatIsShipped() =>
        Assert.Equal(0, await DrillCommand.Create().Parse(["--list", "--output", "json"]).InvokeAsync(null, TestContext.Current.CancellationToken));

    [Fact]
    public async Task PlaybookCheck_WithoutAnyState_AcceptsWhatIsShipped() =>
        Assert.Equal(0, await PlaybookCommand.Create().Parse(["check", Path.Combine(AppContext.BaseDirectory, "playbooks"), "--output", "json"]).InvokeAsync(null, TestContext.Current.CancellationToken));
}
