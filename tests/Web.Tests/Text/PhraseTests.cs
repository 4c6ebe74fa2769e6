using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beacon.Web.Tests.Text;

/// <summary>Every sentence that a service says is looked for in the sources, by the type that its text becomes, and looked up in each language.</summary>
public sealed partial class PhraseTests
{
    private static readonly string[] Rooms = ["storage/Events", "storage/State", "storage/DuckDb", "storage/Elasticsearch", "collectors", "detection", "alerting", "web"];
    private static readonly ConcurrentDictionary<string, MetadataReference> References = new();
    private static readonly Lazy<IReadOnlyList<Found>> All = new(() => [.. Rooms.SelectMany(Read)]);

    public static TheoryData<string> Languages => [.. Directory.EnumerateFiles(Folder, "phrases.*.json").Select(f => Path.GetFileNameWithoutExtension(f)["phrases.".Length..])];

    private static string Folder => Path.Combine(Repository.Console, "Text");

    [Fact]
    public void Phrases_AreWrittenWhereTheyAreMade() =>
        None(All.Value.Where(f => f.Form is null).Select(f => $"{f.Place}: a text becomes a phrase here without its form: write each as $\"…\", or Phrase.Plain(…) for another's words"));

    [Theory, MemberData(nameof(Languages))]
    public void Phrases_HaveATranslation(string language)
    {
        var known = Forms(language);
        None(All.Value.Where(f => f.Form is { } form && form.Any(char.IsLetter) && !known.ContainsKey(form)).Select(f => $"{f.Place}: {f.Form}").Distinct());
    }

    [Theory, MemberData(nameof(Languages))]
    public void Translations_AreAllUsed(string language)
    {
        var said = All.Value.Select(f => f.Form ?? "");
        None(Forms(language).Keys.Except(said));
    }

    [Theory, MemberData(nameof(Languages))]
    public void Translations_HaveTheHolesOfTheOriginal(string language) =>
        None(Forms(language).Where(f => !Holes(f.Key).SequenceEqual(Holes(f.Value))).Select(f => $"{f.Key} → {f.Value}"));

    [Theory, MemberData(nameof(Languages))]
    public void Translations_SayItInTheirLanguage(string language) => None(Forms(language).Where(f => string.IsNullOrWhiteSpace(f.Value) || f.Value == f.Key).Select(f => f.Key));

    // All of them, where an assertion over a collection would show five.
    private static void None(IEnumerable<string> wrong)
    {
        var all = string.Join(Environment.NewLine, wrong);
        if (all.Length > 0) Assert.Fail(all);
    }

    private static IEnumerable<string> Holes(string form) => Hole().Matches(form.Replace("{{", "", StringComparison.Ordinal)).Select(m => m.Value).Order(StringComparer.Ordinal);

    private static Dictionary<string, string> Forms(string language) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Folder, $"phrases.{language}.json")))!;

    /// <summary>All phrases of a project's own sources. Its other assemblies are taken as they are built; texts in pages are the resources' business.</summary>
    private static IEnumerable<Found> Read(string room)
    {
        var folder = Path.Combine(Repository.Root, room);
        var assembly = "Beacon." + Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(folder, "*.csproj").Single());
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && (!f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) || f.EndsWith("GlobalUsings.g.cs", StringComparison.Ordinal)))
            .Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), options, f)).ToList();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileNameWithoutExtension(p) != assembly).Select(p => References.GetOrAdd(p, static p => MetadataReference.CreateFromFile(p)));
        var compilation = CSharpCompilation.Create(assembly, trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var phrase = compilation.GetTypeByMetadataName("Beacon.Events.Phrase");
        Assert.NotNull(phrase);
        foreach (var tree in trees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var expression in tree.GetRoot().DescendantNodes().OfType<ExpressionSyntax>())
            {
                if (expression.Parent is ParenthesizedExpressionSyntax or CheckedExpressionSyntax) continue;
                // A cast's operand has no converted type of its own.
                var becomes = expression.Parent is CastExpressionSyntax cast ? model.GetTypeInfo(cast).Type : model.GetTypeInfo(expression).ConvertedType;
                if (model.GetTypeInfo(expression).Type?.SpecialType != SpecialType.System_String || !SymbolEqualityComparer.Default.Equals(becomes, phrase)) continue;
                var line = tree.GetLineSpan(expression.Span).StartLinePosition.Line + 1;
                yield return new($"{Path.GetRelativePath(Repository.Root, tree.FilePath)}:{line}", FormOf(expression, model));
            }
        }
    }

    private static string? FormOf(ExpressionSyntax expression, SemanticModel model)
    {
        // Interpolated, it keeps its holes, be they constants.
        if (expression is not InterpolatedStringExpressionSyntax && model.GetConstantValue(expression) is { HasValue: true, Value: string text }) return text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        var hole = 0;
        return Append(expression);

        // "…" + $"…" is one text to the compiler too.
        string? Append(ExpressionSyntax part) => part switch
        {
            ParenthesizedExpressionSyntax inner => Append(inner.Expression),
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum => Append(sum.Left) is { } left && Append(sum.Right) is { } right ? left + right : null,
            InterpolatedStringExpressionSyntax written => string.Concat(written.Contents.Select(c => c is InterpolatedStringTextSyntax t ? t.TextToken.ValueText.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal) : $"{{{hole++}}}")),
            _ => null,
        };
    }

    [GeneratedRegex(@"\{[0-9]+\}")]
    private static partial Regex Hole();

    private sealed record Found(string Place, string? Form);
}
