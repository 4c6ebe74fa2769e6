using System.Globalization;

namespace Beacon.Web.Console.Shell;

/// <summary>One key of a page: what it is, what it does, in words.</summary>
/// <param name="Key">As the browser names it: "j", "?", "Enter", "ArrowDown".</param>
/// <param name="Shown">In the bar at the foot; all keys are shown by "?".</param>
/// <param name="Everywhere">It is not this page's alone.</param>
public sealed record KeyBinding(string Key, string Label, Func<Task> Action, bool Shown = true, bool Everywhere = false)
{
    public string Cap => Key switch { "ArrowDown" => "↓", "ArrowUp" => "↑", "ArrowRight" => "→", "ArrowLeft" => "←", " " => "Space", "Escape" => "Esc", { Length: 1 } when char.IsUpper(Key[0]) => "Shift " + Key, { Length: 1 } => Key.ToUpperInvariant(), _ => Key };
}

/// <summary>Keys that do the same, as one.</summary>
public sealed record KeyGroup(IReadOnlyList<string> Caps, string Label);

/// <summary>Which key does what on the page at hand. One per circuit.</summary>
public sealed class KeyRouter
{
    private readonly List<(object Owner, KeyBinding Binding)> _bindings = [];

    public event Action? Changed;
    public IEnumerable<KeyBinding> Bindings => _bindings.Select(b => b.Binding);

    /// <summary>Keys with what they do, those of one label together. The bar has those shown there, with the letters that belong to them.</summary>
    public static IReadOnlyList<KeyGroup> Grouped(IEnumerable<KeyBinding> bindings, bool bar = false) =>
        [.. bindings.GroupBy(b => Plain(b.Label)).Where(g => !bar || g.Any(b => b.Shown)).Select(g => new KeyGroup([.. g.Where(b => !bar || b.Shown || b.Key.Length == 1).Select(b => b.Cap).Distinct()], g.Key))];

    // A button says "Dismiss…": what a key does is said as a word among others.
    private static string Plain(string label)
    {
        label = label.TrimEnd('…');
        return label.Length > 1 && char.IsUpper(label[0]) && char.IsLower(label[1]) ? char.ToLower(label[0], CultureInfo.CurrentUICulture) + label[1..] : label;
    }

    /// <summary>Replaces the owner's keys; a later owner's key hides an earlier one's.</summary>
    public void Set(object owner, params IEnumerable<KeyBinding> bindings)
    {
        _bindings.RemoveAll(b => b.Owner == owner);
        _bindings.AddRange(bindings.Select(b => (owner, b)));
        Changed?.Invoke();
    }

    public void Remove(object owner)
    {
        if (_bindings.RemoveAll(b => b.Owner == owner) > 0) Changed?.Invoke();
    }

    public async Task<bool> PressAsync(string key)
    {
        // A capital may be a key of its own ("X" behind "x"); with the shift lock on, letters without one still work.
        var found = _bindings.FindLast(b => b.Binding.Key == key);
        if (found.Binding is null) found = _bindings.FindLast(b => string.Equals(b.Binding.Key, key, StringComparison.OrdinalIgnoreCase));
        if (found.Binding is null) return false;
        await found.Binding.Action();
        return true;
    }
}
