namespace Beacon.Collectors.Tests;

/// <summary>Finds the test corpora beside the project, or skips the test.</summary>
internal static class Corpora
{
    public static string Path(params string[] parts)
    {
        var relative = System.IO.Path.Combine(parts);
        foreach (var root in Roots())
        {
            var full = System.IO.Path.Combine(root, relative);
            if (File.Exists(full) || Directory.Exists(full)) return full;
        }
        Assert.Skip($"the test data {relative} is not there (a folder 'shared' beside the project, or BEACON_SHARED)");
        return "";
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("BEACON_SHARED") is { Length: > 0 } set)
        {
            yield return set;
            yield break;
        }
        foreach (var start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
                yield return System.IO.Path.Combine(folder.FullName, "shared");
    }
}
