using System.Diagnostics;

namespace Beacon.Detections.Tests.Corpora;

/// <summary>The folder of corpora that stands beside the project where there is one.</summary>
internal static class Shared
{
    /// <summary>Full path of something in the shared folder; the test is skipped where it is absent.</summary>
    public static string Find(string path)
    {
        if (Environment.GetEnvironmentVariable("BEACON_SHARED") is { Length: > 0 } given) return Check(Path.Combine(given, path));
        foreach (var start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var candidate = Path.Combine(folder.FullName, "shared", path);
                if (Path.Exists(candidate)) return candidate;
            }
        }
        Assert.Skip($"needs {path} in a folder 'shared' beside the project (or named by BEACON_SHARED)");
        return "";
    }

    /// <summary>Lines of an .xz file, unpacked by xz.</summary>
    public static IEnumerable<byte[]> XzLines(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("xz", ["-dc", path]) { RedirectStandardOutput = true })!;
        using var reader = new StreamReader(process.StandardOutput.BaseStream, System.Text.Encoding.UTF8);
        while (reader.ReadLine() is { } line) yield return System.Text.Encoding.UTF8.GetBytes(line);
        process.WaitForExit();
    }

    private static string Check(string path)
    {
        if (!Path.Exists(path)) Assert.Skip($"needs {path}");
        return path;
    }
}
