using Beacon.Web.Console.Shell;

namespace Beacon.Web.Tests.Console;

public sealed class KeyRouterTests
{
    [Fact]
    public async Task Press_CapitalWithAKeyOfItsOwn_IsThatKey()
    {
        var pressed = new List<string>();
        var keys = new KeyRouter();
        keys.Set(this, new KeyBinding("x", "mark", () => { pressed.Add("x"); return Task.CompletedTask; }), new KeyBinding("X", "range", () => { pressed.Add("X"); return Task.CompletedTask; }), new KeyBinding("a", "take", () => { pressed.Add("a"); return Task.CompletedTask; }));
        foreach (var key in new[] { "x", "X", "A", "q" }) await keys.PressAsync(key);
        Assert.Equal(["x", "X", "a"], pressed);
        Assert.Equal(["X", "Shift X", "A"], keys.Bindings.Select(b => b.Cap));
    }

    [Fact]
    public void Grouped_KeysOfOneLabel_StandTogether()
    {
        static KeyBinding K(string key, string label, bool shown = true) => new(key, label, () => Task.CompletedTask, shown);
        KeyBinding[] keys = [K("j", "move"), K("k", "move", false), K("ArrowDown", "move", false), K("a", "Take…"), K("Home", "first", false), K("t", "TLP", false)];
        Assert.Equal(["J K ↓: move", "A: take", "Home: first", "T: TLP"], KeyRouter.Grouped(keys).Select(Said));
        Assert.Equal(["J K: move", "A: take"], KeyRouter.Grouped(keys, bar: true).Select(Said));

        static string Said(KeyGroup group) => $"{string.Join(' ', group.Caps)}: {group.Label}";
    }

    [Fact]
    public async Task Press_LaterOwner_HidesTheEarlier()
    {
        var pressed = "";
        var keys = new KeyRouter();
        var page = new object();
        keys.Set(this, new KeyBinding("Escape", "layout", () => { pressed = "layout"; return Task.CompletedTask; }));
        keys.Set(page, new KeyBinding("Escape", "page", () => { pressed = "page"; return Task.CompletedTask; }));
        await keys.PressAsync("Escape");
        Assert.Equal("page", pressed);
        keys.Remove(page);
        Assert.True(await keys.PressAsync("Escape"));
        Assert.Equal("layout", pressed);
    }
}
