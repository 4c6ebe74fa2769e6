using System.Text.RegularExpressions;

namespace Beacon.Web.Tests.Text;

/// <summary>Words stand in resource files, not in markup: one language in the page would be the only one.</summary>
public sealed partial class MarkupTests
{
    // Names of keys, of the product, of standards and of fields; commands that are typed as they stand.
    private static readonly string[] Allowed = ["Beacon", "· Beacon", "Enter", "Ctrl Enter", "Ctrl S", "Ctrl K", "Ctrl .", "Esc", "Tab", "host.name", "event.dataset", "event.id", "event.ingested", "beacon.source", "CACAO 2.0 ·", "id", "logger --server", "curl -H", "./run key add", "ISA-18.2", "I", "MITRE ATT&amp;CK", "UTC", "· NIST SP 800-61r3", "SHA-256"];

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Repository.Console, "*.razor", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Console, f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Pages))]
    public void Markup_VisibleText_ComesFromResources(string page) => Assert.Empty(Words(File.ReadAllText(Path.Combine(Repository.Console, page))));

    [Theory]
    [InlineData("<p>Some words</p>")]
    [InlineData("<button class=\"btn\">@icon Save</button>")]
    [InlineData("<input placeholder=\"Type here\" />")]
    [InlineData("@if (x) { <b>Not good</b> }")]
    public void Words_LiteralText_IsFound(string markup) => Assert.NotEmpty(Words(markup));

    [Theory]
    [InlineData("<p title=\"@T[\"Some words\"]\">@T[\"Words\"]</p>")]
    [InlineData("<kbd>Enter</kbd>@* a remark <b>with</b> tags *@")]
    [InlineData("@foreach (var a in list) { <li>@a.Text</li> }\n@code { private List<string> Words = []; }")]
    public void Words_TextFromResources_IsLeftAlone(string markup) => Assert.Empty(Words(markup));

    private static List<string> Words(string markup)
    {
        var code = CodeBlock().Match(markup);
        var text = Remark().Replace(code.Success ? markup[..code.Index] : markup, "");
        text = DirectiveLine().Replace(text, "");
        var attributes = Attribute().Matches(text).Select(m => m.Groups[1].Value).Where(v => !v.Contains('@', StringComparison.Ordinal));
        // What is left between tags once expressions, strings and code are taken out.
        var between = Between().Matches(Expression().Replace(Literal().Replace(text, "\"\""), "")).Select(m => m.Groups[1].Value.Trim());
        return [.. attributes.Concat(between).Where(t => Letters().IsMatch(t) && !Allowed.Any(a => t == a || (a.Contains(' ', StringComparison.Ordinal) && t.StartsWith(a, StringComparison.Ordinal))))];
    }

    [GeneratedRegex(@"^@code\s*\{|@code \{", RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"@\*.*?\*@", RegexOptions.Singleline)]
    private static partial Regex Remark();

    [GeneratedRegex(@"^\s*@(page|inject|using|implements|inherits|attribute|layout|typeparam).*$|^\s*(var|foreach|if|else|case|default|break|continue|UrgencyBand)\b.*?;?\s*$(?<!>)", RegexOptions.Multiline)]
    private static partial Regex DirectiveLine();

    [GeneratedRegex("\\b(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"")]
    private static partial Regex Attribute();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"@?\((?>[^()]+|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)|@[A-Za-z_][\w!]*(\??\.\w+|\[[^\]]*\]|!|\((?>[^()]+|(?<deep>\()|(?<-deep>\)))*(?(deep)(?!))\))*")]
    private static partial Regex Expression();

    [GeneratedRegex(@">([^<>{}=;]+)<")]
    private static partial Regex Between();

    [GeneratedRegex(@"[A-Za-z]{2,}")]
    private static partial Regex Letters();
}
