namespace Beacon.Web.Tests;

/// <summary>The folder of corpora that stands beside the project where there is one.</summary>
internal static class Shared
{
    /// <summary>Full path of something in the shared folder (or that named by BEACON_SHARED); the test is skipped where it is absent.</summary>
    public static string Find(string path)
    {
        var above = Environment.GetEnvironmentVariable("BEACON_SHARED") is { Length: > 0 } given ? [given] : Above(Repository.Root);
        var found = above.Select(f => Path.Combine(f, path)).FirstOrDefault(Path.Exists);
        Assert.SkipWhen(found is null, $"needs {path} in a folder 'shared' beside the project (or named by BEACON_SHARED)");
        return found!;
    }

    private static IEnumerable<string> Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent) yield return Path.Combine(folder.FullName, "shared");
    }
}
