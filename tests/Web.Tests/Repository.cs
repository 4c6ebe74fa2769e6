namespace Beacon.Web.Tests;

/// <summary>The sources beside these tests: what a compiled program no longer shows is read there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();
    public static string Console => Path.Combine(Root, "web", "Console");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Security.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Security.sln above {AppContext.BaseDirectory}.");
    }
}
