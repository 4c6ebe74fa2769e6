namespace Beacon.Web.Console.Shell;

/// <summary>A rule's text on its way from one page to the editor of another; taken once. One per circuit.</summary>
public sealed class RuleHandOff
{
    private string? _text;

    public void Give(string text) => _text = text;

    public string? Take()
    {
        var text = _text;
        _text = null;
        return text;
    }
}
