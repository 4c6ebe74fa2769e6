using Beacon.Web.Console.Shell;
using Bunit;
using Microsoft.AspNetCore.Components;

namespace Beacon.Web.Tests.Console;

public sealed class FilterFieldTests : IDisposable
{
    private readonly BunitContext _page = new();
    private readonly List<string> _told = [];

    public void Dispose() => _page.Dispose();

    [Fact]
    public void Type_FasterThanTheAddressComesBack_LosesNoLetter()
    {
        var field = Field("");
        Type(field, "b", "ba", "bas");
        // The address follows letter by letter, while more is typed.
        Follow(field, "b");
        Type(field, "bast");
        Follow(field, "ba");
        Assert.Equal("bast", Shown(field));
        Follow(field, "bast");
        Assert.Equal("bast", Shown(field));
        Assert.Equal(["b", "ba", "bas", "bast"], _told);
    }

    [Fact]
    public void Type_ThenTakenBack_LeavesTheFieldEmpty()
    {
        var field = Field("");
        Type(field, "b", "");
        Follow(field, "b");
        Follow(field, null);
        Assert.Equal("", Shown(field));
    }

    [Fact]
    public void Value_FromElsewhere_IsTaken()
    {
        var field = Field("bastion");
        Assert.Equal("bastion", Shown(field));
        Type(field, "bastion 2");
        Follow(field, "bastion 2");
        // The button that clears the filter, then the way back.
        Follow(field, null);
        Assert.Equal("", Shown(field));
        Follow(field, "bastion 2");
        Assert.Equal("bastion 2", Shown(field));
    }

    [Fact]
    public void Value_TheSameAgain_LeavesWhatIsTyped()
    {
        var field = Field("bas");
        Type(field, "bast");
        // The page was drawn anew for another reason.
        Follow(field, "bas");
        Assert.Equal("bast", Shown(field));
    }

    [Fact]
    public void Type_Blanks_AreKeptInTheFieldAlone()
    {
        var field = Field("bas");
        Type(field, "   ");
        Follow(field, null);
        Assert.Equal("   ", Shown(field));
    }

    private IRenderedComponent<FilterField> Field(string value) => _page.Render<FilterField>(p => p.Add(f => f.Id, "filter").Add(f => f.Label, "Filter").Add(f => f.Value, value).Add(f => f.OnType, EventCallback.Factory.Create<string>(this, _told.Add)));

    private static void Follow(IRenderedComponent<FilterField> field, string? address) => field.Render(p => p.Add(f => f.Value, address));

    private static void Type(IRenderedComponent<FilterField> field, params string[] letters)
    {
        foreach (var text in letters) field.Find("#filter").Input(text);
    }

    private static string Shown(IRenderedComponent<FilterField> field) => field.Find("#filter").GetAttribute("value") ?? "";
}
