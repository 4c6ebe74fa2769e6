using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Beacon.Detections.Sigma.Pipelines;
using Beacon.Detections.Sigma.Pipelines.Conditions;
using Beacon.Detections.Sigma.Pipelines.Drafts;
using Beacon.Detections.Sigma.Pipelines.Reading;
using Beacon.Detections.Sigma.Pipelines.Transformations;
using Beacon.Events;

namespace Beacon.Detections.Sigma.LogSources;

/// <summary>A log source as the built-in pipelines bind it.</summary>
internal sealed record BoundSource(LogSourceBinding Binding, SourceFields Fields);

/// <summary>
/// Runs the built-in pipelines on log sources instead of rules: all that they do depends on the log source alone, so it is done once
/// for each, and rules of one log source share tests and names.
/// </summary>
internal sealed class LogSourceBinder
{
    /// <summary>Log sources kept; rules name a few hundred.</summary>
    private const int MaxKept = 10_000;

    private readonly ImmutableArray<ProcessingItem> _items;
    private readonly FrozenSet<string> _roots;
    private readonly ConcurrentDictionary<SigmaLogSource, BoundSource> _bound = new();

    /// <exception cref="InvalidOperationException">A pipeline does what depends on more than the log source.</exception>
    public LogSourceBinder(IEnumerable<SigmaPipeline> pipelines)
    {
        _items = [.. pipelines.SelectMany(static p => p.Items)];
        foreach (var item in PipelineReader.Flat(_items)) Check(item);
        _roots = EventRoots.With(PipelineReader.Flat(_items).SelectMany(static i => i.Transformation switch
        {
            FieldNameMapping mapping => mapping.Names,
            FieldNamePrefixMapping mapping => mapping.Names,
            FieldNameAffix affix => [affix.Prefix],
            _ => [],
        }));
    }

    public BoundSource Bind(SigmaLogSource source)
    {
        if (_bound.TryGetValue(source, out var bound)) return bound;
        return _bound.Count < MaxKept ? _bound.GetOrAdd(source, Run) : Run(source);
    }

    private BoundSource Run(SigmaLogSource source)
    {
        var run = new SourceRun(source);
        run.Take(_items);
        var fields = new SourceFields(source, run.Names, _roots);
        if (run.Failure is { } failure) return new BoundSource(LogSourceBinding.None(failure), fields);
        if (run.Alternatives is not { Length: > 0 } alternatives || !run.IsKnown) return new BoundSource(LogSourceBinding.None(Reason(source)), fields);
        return new BoundSource(new LogSourceBinding(alternatives, fields.Of, null), fields);
    }

    private static void Check(ProcessingItem item)
    {
        if (item.Items is not null || item.Rule?.Tests.Any(static t => t is not LogSourceTest) == true)
            throw new InvalidOperationException($"{item.Id}: a built-in transformation depends on more than the log source");
        if (item.Transformation is not (AddCondition { IsNegated: false } or FieldTransformation or RuleFailure or Nest))
            throw new InvalidOperationException($"{item.Id}: a built-in pipeline adds conditions, names fields or refuses");
    }

    private static Phrase Reason(SigmaLogSource source) => source switch
    {
        { Product: "", Category: "process_creation" or "file_event" or "file_delete" or "network_connection" } => (Phrase)$"the category {source.Category} needs a product: windows, linux or macos",
        { Product: "windows", Category: "file_access" or "file_rename" } => "the categories file_access and file_rename come from kernel tracing (ETW), which no receiver reads",
        _ => $"no parser of this version reads logs of {source}, and no pipeline says what they are",
    };

    /// <summary>One log source on its way through the items.</summary>
    private sealed class SourceRun(SigmaLogSource source)
    {
        private bool _product = source.Product.Length == 0, _category = source.Category.Length == 0, _service = source.Service.Length == 0;

        public List<(ProcessingItem Item, FieldTransformation Names)> Names { get; } = [];
        public ImmutableArray<ImmutableArray<SourceTest>>? Alternatives { get; private set; }
        public Phrase? Failure { get; private set; }

        /// <summary>Everything that the log source names was asked for by a condition that was added: what nobody asked for, nobody knows.</summary>
        public bool IsKnown => _product && _category && _service;

        public void Take(IEnumerable<ProcessingItem> items)
        {
            foreach (var item in items)
            {
                if (item.Rule?.Holds(t => ((LogSourceTest)t).Test(source)) == false) continue;
                switch (item.Transformation)
                {
                    case Nest nest: Take(nest.Items); break;
                    case FieldTransformation names: Names.Add((item, names)); break;
                    case RuleFailure failure: Failure ??= Phrase.Plain(failure.Message); break;
                    case AddCondition added: Add(item, added); break;
                }
            }
        }

        private void Add(ProcessingItem item, AddCondition added)
        {
            foreach (var test in item.Rule?.Tests.Cast<LogSourceTest>() ?? [])
            {
                if (!test.Test(source)) continue;
                _product |= test.NamesProduct;
                _category |= test.NamesCategory;
                _service |= test.NamesService;
            }
            var tests = SourceTests.Of(added.For(source), static name => [name]) ?? throw new InvalidOperationException($"{item.Id}: the condition asks more than a log source can be chosen by");
            Alternatives = SourceTests.Both(Alternatives ?? SourceTests.Any, tests) ?? throw new InvalidOperationException($"{item.Id}: the log source has too many alternatives");
        }
    }
}
