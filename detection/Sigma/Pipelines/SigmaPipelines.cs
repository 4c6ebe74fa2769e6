using Beacon.Detections.Sigma.LogSources;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;

namespace Beacon.Detections.Sigma.Pipelines;

/// <summary>
/// Processing pipelines in the order in which they run: the installation's by priority, and the built-in ones last, which bind Sigma's
/// taxonomy to our events. Immutable, and safe to use from several threads.
/// </summary>
public sealed class SigmaPipelines
{
    /// <summary>Folder of pipelines that are shipped and not built in, beside the binary.</summary>
    private static readonly string OptionalFolder = Path.Combine(AppContext.BaseDirectory, "pipelines");

    private static readonly Lazy<LogSourceBinder> Sources = new(static () => new LogSourceBinder(BuiltInPipelines.Read()));

    private readonly SigmaPipeline[] _own;
    private readonly Dictionary<string, IReadOnlyList<string>> _variables = new(StringComparer.Ordinal);

    private SigmaPipelines(IEnumerable<SigmaPipeline> own)
    {
        _own = [.. own];
        foreach (var (name, values) in _own.SelectMany(static p => p.Variables)) _variables[name] = values;
    }

    /// <summary>The built-in pipelines alone.</summary>
    public static SigmaPipelines BuiltIn { get; } = new([]);

    /// <summary>Names of the installation's pipelines, in the order in which they run.</summary>
    public IReadOnlyList<string> Names => [.. _own.Select(static p => p.Name)];

    /// <summary>
    /// Reads pipelines in pySigma's YAML form. A path is a file, a folder whose *.yml are read in the order of their names, or the name of
    /// a shipped pipeline ("windows-security-4688"). Equal priorities run in the order given. A file with a fault is left out; the others are not touched.
    /// </summary>
    public static (SigmaPipelines Pipelines, IReadOnlyList<SigmaFault> Faults) Read(IEnumerable<string> paths)
    {
        var faults = new List<SigmaFault>();
        var read = new List<SigmaPipeline>();
        foreach (var file in Files(paths, faults)) read.AddRange(PipelineReader.ReadFile(file, faults));
        return (new SigmaPipelines(read.OrderBy(static p => p.Priority)), faults);
    }

    /// <summary>Pipelines of a text, one a document, and what is wrong with it.</summary>
    /// <param name="file">Name for faults.</param>
    public static (SigmaPipelines Pipelines, IReadOnlyList<SigmaFault> Faults) ReadText(string file, string text)
    {
        var faults = new FaultList(file);
        var read = PipelineReader.Read(text, faults);
        return (new SigmaPipelines(read.OrderBy(static p => p.Priority)), [.. PipelineReader.InOrder(faults)]);
    }

    /// <summary>The rule as it is evaluated, with what its log source and fields mean for our events.</summary>
    internal BoundRule Bind(SigmaRule rule)
    {
        if (_own.Length == 0) return new BoundRule(rule, Sources.Value.Bind(rule.LogSource).Binding, []);
        var draft = new RuleDraft(rule, _variables);
        foreach (var pipeline in _own)
        {
            var ran = false;
            foreach (var item in pipeline.Items) ran |= item.Run(draft);
            if (ran) draft.Pipelines.Add(pipeline.Name);
        }
        var source = Sources.Value.Bind(draft.State.LogSource);
        return draft.Pipelines.Count == 0 ? new BoundRule(rule, source.Binding, []) : new RuleBinder(draft, source).Bind();
    }

    private static IEnumerable<string> Files(IEnumerable<string> paths, List<SigmaFault> faults)
    {
        var left = PipelineLimits.Files;
        foreach (var path in paths)
        {
            string[] files = [path];
            if (Directory.Exists(path)) files = [.. Directory.EnumerateFiles(path, "*.yml").Take(PipelineLimits.Files + 1).Order(StringComparer.Ordinal)];
            else if (!File.Exists(path) && Path.GetFileName(path) == path && File.Exists(Path.Combine(OptionalFolder, path + ".yml"))) files = [Path.Combine(OptionalFolder, path + ".yml")];
            foreach (var file in files)
            {
                if (left-- > 0)
                {
                    yield return file;
                    continue;
                }
                faults.Add(new SigmaFault(file, 1, 1, FaultCodes.TooLarge, FaultSeverity.Error, $"more than {PipelineLimits.Files} pipeline files; the rest is not read", ""));
                yield break;
            }
        }
    }
}

/// <summary>A rule after all pipelines.</summary>
/// <param name="Rule">Its condition may differ from what was written; its identity does not.</param>
/// <param name="Pipelines">Names of the installation's pipelines that had a transformation for it.</param>
internal sealed record BoundRule(SigmaRule Rule, LogSourceBinding Binding, IReadOnlyList<string> Pipelines);
