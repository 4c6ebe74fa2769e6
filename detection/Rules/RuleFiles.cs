using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Beacon.Detections.Rules.Words;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Sigma;
using Beacon.Detections.Sigma.Correlations;
using Beacon.Detections.Sigma.Filters;
using Beacon.Detections.Sigma.Yaml;
using Beacon.Events;

namespace Beacon.Detections.Rules;

/// <summary>A rule with where it came from: one of the kinds.</summary>
internal sealed record LoadedRule(SigmaRule? Sigma, ScheduledRule? Scheduled, bool IsUser, SigmaCorrelation? Correlation = null, SigmaFilter? Filter = null)
{
    public string Id => Sigma?.Id ?? Scheduled?.Id ?? Correlation?.Id ?? Filter!.Id;
    public string Title => Sigma?.Title ?? Scheduled?.Title ?? Correlation?.Title ?? Filter!.Title;
    public string File => Sigma?.File ?? Scheduled?.File ?? Correlation?.File ?? Filter!.File;
    public string Kind => Scheduled?.Detector ?? (Sigma is not null ? "sigma" : Correlation is not null ? RuleViews.Correlation : RuleViews.Filter);
    public string Status => Sigma?.Status ?? Scheduled?.Status ?? Correlation?.Status ?? "";
    public string Source => Sigma?.Source ?? Scheduled?.Source ?? Correlation?.Source ?? Filter!.Source;

    public static IReadOnlyList<LoadedRule> Of(SigmaReadResult read, bool isUser) =>
    [
        .. read.Rules.Select(r => new LoadedRule(r, null, isUser)), .. read.Correlations.Select(c => new LoadedRule(null, null, isUser, Correlation: c)),
        .. read.Filters.Select(f => new LoadedRule(null, null, isUser, Filter: f)),
    ];

    private readonly ConcurrentDictionary<bool, string> _words = new();

    /// <summary>What it looks for, in the language of whoever asks; made when first asked.</summary>
    public string Question() => Sigma is null ? "" : _words.GetOrAdd(CultureInfo.CurrentUICulture.Name.StartsWith("zh", StringComparison.Ordinal), (chinese, rule) => RuleWords.Of(rule, chinese ? "zh-Hans" : "en"), Sigma);
}

/// <summary>
/// Reads the folders of rules: shipped ones first, then the installation's. Scheduled rules stand in a folder "scheduled", cases in
/// *.cases.yml. An id that comes again is reported, and its first rule stays.
/// </summary>
internal sealed class RuleFiles(ScheduledRuleReader scheduled)
{
    /// <summary>Files read of one folder.</summary>
    public const int MaxFiles = 50_000;

    public const string ScheduledFolder = "scheduled";

    public (IReadOnlyList<LoadedRule> Rules, IReadOnlyList<SigmaFault> Faults) Read(string shippedFolder, string userFolder, SigmaReaderOptions options)
    {
        var rules = new List<LoadedRule>();
        var faults = new List<SigmaFault>();
        var seen = new Dictionary<string, LoadedRule>(StringComparer.OrdinalIgnoreCase);
        foreach (var (folder, isUser) in new[] { (shippedFolder, false), (userFolder, true) })
        {
            foreach (var (read, found) in List(folder, faults).AsParallel().AsOrdered().Select(f => ReadFile(f, isUser, options)))
            {
                faults.AddRange(found);
                foreach (var rule in read)
                {
                    if (seen.TryAdd(rule.Id, rule)) rules.Add(rule);
                    else
                    {
                        faults.Add(new SigmaFault(rule.File, 1, 1, FaultCodes.Duplicate, FaultSeverity.Error,
                            $"the id {rule.Id} of '{rule.Title}' is that of '{seen[rule.Id].Title}' in {seen[rule.Id].File}; this rule is left out", "give one of them an id of its own"));
                    }
                }
            }
        }
        return (rules, faults);
    }

    public (IReadOnlyList<LoadedRule> Rules, IReadOnlyList<SigmaFault> Faults) ReadText(string file, string text, bool isScheduled, bool isUser, SigmaReaderOptions options)
    {
        if (isScheduled)
        {
            var result = scheduled.Read(file, text);
            return ([.. result.Rules.Select(r => new LoadedRule(null, r, isUser))], result.Faults);
        }
        var sigma = SigmaReader.Read(file, text, options);
        return (LoadedRule.Of(sigma, isUser), sigma.Faults);
    }

    private (IReadOnlyList<LoadedRule>, IReadOnlyList<SigmaFault>) ReadFile(string path, bool isUser, SigmaReaderOptions options)
    {
        var isScheduled = path.Contains(Path.DirectorySeparatorChar + ScheduledFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (!isScheduled)
        {
            var sigma = SigmaReader.ReadFile(path, options);
            return (LoadedRule.Of(sigma, isUser), sigma.Faults);
        }
        try
        {
            if (new FileInfo(path).Length <= YamlReader.MaxCharacters * 4L) return ReadText(path, File.ReadAllText(path), isScheduled, isUser, options);
            return ([], [new SigmaFault(path, 1, 1, FaultCodes.TooLarge, FaultSeverity.Error, "the file is too large", "split it")]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            return ([], [new SigmaFault(path, 1, 1, FaultCodes.Unreadable, FaultSeverity.Error, $"the file cannot be read: {fault.Message}", "")]);
        }
    }

    private static string[] List(string folder, List<SigmaFault> faults)
    {
        if (!Directory.Exists(folder)) return [];
        var files = Directory.EnumerateFiles(folder, "*.yml", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 16, IgnoreInaccessible = true })
            .Where(static f => !f.EndsWith(RuleCases.Suffix, StringComparison.Ordinal)).Take(MaxFiles + 1).Order(StringComparer.Ordinal).ToArray();
        if (files.Length <= MaxFiles) return files;
        faults.Add(new SigmaFault(folder, 1, 1, FaultCodes.TooLarge, FaultSeverity.Error, $"the folder holds more than {MaxFiles} files; the rest is not read", ""));
        return files[..MaxFiles];
    }
}
