using Beacon.Web.Hosting;

namespace Beacon.Web.Commands;

/// <summary>Rule files in what a person named, in a steady order; cases and scheduled rules have readers of their own.</summary>
internal static class RulePaths
{
    /// <summary>The rules that are shipped with the program.</summary>
    public static string Shipped { get; } = Path.Combine(AppContext.BaseDirectory, "rules");

    public static IEnumerable<string> Enumerate(string path) => Enumerate(path, scheduled: false);

    /// <summary>True where the file stands in a folder of scheduled rules.</summary>
    public static bool IsScheduled(string file) => Path.GetFullPath(file).Contains($"{Path.DirectorySeparatorChar}scheduled{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    /// <param name="scheduled">Scheduled rules, too.</param>
    public static IEnumerable<string> Enumerate(string path, bool scheduled)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new CommandException($"{path} does not exist.");
        return Directory.EnumerateFiles(path, "*.yml", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 32 })
            .Where(f => !f.EndsWith(".cases.yml", StringComparison.Ordinal) && (scheduled || !IsScheduled(f)))
            .Order(StringComparer.Ordinal);
    }
}
