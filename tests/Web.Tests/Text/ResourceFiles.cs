using System.Xml.Linq;

namespace Beacon.Web.Tests.Text;

/// <summary>The .resx files of the console as their authors wrote them.</summary>
internal static class ResourceFiles
{
    public const string Translation = ".zh-Hans.resx";

    /// <summary>Name of the marker class → texts by key, in English.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> English { get; } =
        Files.ToDictionary(f => Path.GetFileNameWithoutExtension(f), Read);

    public static IEnumerable<string> Files => Directory.EnumerateFiles(Repository.Console, "*.resx", SearchOption.AllDirectories).Where(f => !f.EndsWith(Translation, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, string> Read(string file) =>
        XDocument.Load(file).Root!.Elements("data").ToDictionary(d => d.Attribute("name")!.Value, d => d.Element("value")!.Value);
}
