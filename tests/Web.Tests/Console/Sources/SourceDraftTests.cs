using Beacon.Web.Console.Pages.Sources;

namespace Beacon.Web.Tests.Console.Sources;

public sealed class SourceDraftTests
{
    [Theory]
    [InlineData("Firewall, DMZ (02)", "firewall-dmz-02")]
    [InlineData("  --x", "x")]
    [InlineData("防火墙", "")]
    [InlineData("=cmd|' /c calc'!A0", "cmd-c-calc-a0")]
    public void IdOf_AnyName_IsAnIdOrNothing(string name, string id) => Assert.Equal(id, SourceDraft.IdOf(name));

    [Fact]
    public void Name_Typed_MakesTheIdUntilTheIdIsOnesOwn()
    {
        var draft = new SourceDraft { Name = "Fire" };
        draft.Name = "Firewall 2";
        Assert.Equal("firewall-2", draft.Id);
        draft.Id = "fw";
        draft.Name = "Another";
        Assert.Equal("fw", draft.Id);
    }

    [Fact]
    public void Fields_ReadAndWrite_TheirPartOfTheSettings()
    {
        var draft = new SourceDraft { Id = "fw", Name = "Fw", Settings = """{"address":"127.0.0.1","port":5515,"max_connections":9}""" };
        Assert.Equal(("127.0.0.1", "5515"), (draft.Address, draft.Port));
        (draft.Address, draft.Port) = ("0.0.0.0", "6514");
        Assert.Equal("""{"address":"0.0.0.0","port":6514,"max_connections":9}""", draft.Settings);
        // What is no number stays as it was typed, so that the receiver names the fault.
        draft.Port = "many";
        Assert.Contains("\"many\"", draft.Settings, StringComparison.Ordinal);
        draft.Paths = " /var/log/a \n\n/var/log/b*\n";
        Assert.Equal("/var/log/a\n/var/log/b*", draft.Paths);
    }

    [Fact]
    public void Definition_SettingsThatAreNoJson_GivesTheLine()
    {
        Assert.Null(new SourceDraft { Settings = "{\n \"port\": }" }.Definition(out var line));
        Assert.Equal(2, line);
        Assert.NotNull(new SourceDraft { Settings = "" }.Definition(out _));
    }
}
