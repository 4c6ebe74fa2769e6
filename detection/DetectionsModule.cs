using Beacon.Detections.Correlation;
using Beacon.Detections.Indicators;
using Beacon.Detections.Rules;
using Beacon.Detections.Rules.Completion;
using Beacon.Detections.Rules.Drafts;
using Beacon.Detections.Rules.Remedies;
using Beacon.Detections.Rules.Stages;
using Beacon.Detections.Rules.Trials;
using Beacon.Detections.Rules.Versions;
using Beacon.Detections.Rules.Volume;
using Beacon.Detections.Scheduled;
using Beacon.Detections.Scheduled.Beaconing;
using Beacon.Detections.Scheduled.FirstContact;
using Beacon.Detections.Scheduled.Flatline;
using Beacon.Detections.Scheduled.ImpossibleTravel;
using Beacon.Detections.Scheduled.IndicatorMatch;
using Beacon.Detections.Scheduled.Jobs;
using Beacon.Detections.Scheduled.Ledger;
using Beacon.Detections.Scheduled.NewTerms;
using Beacon.Detections.Scheduled.RareValue;
using Beacon.Detections.Scheduled.SeasonalAnomaly;
using Beacon.Detections.Scheduled.Sequence;
using Beacon.Detections.Scheduled.SilentSource;
using Beacon.Detections.Scheduled.Spike;
using Beacon.Detections.Scheduled.Threshold;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Beacon.Detections;

/// <summary>Registers this room: the rule catalog, the stream detector, the scheduled detectors and the clock that runs them.</summary>
public static class DetectionsModule
{
    /// <summary>Tables to open the state database with.</summary>
    public static StateSchema Schema => DetectionsSchema.Schema;

    /// <summary>Tables that each process has for itself.</summary>
    public static StateSchema NodeSchema => DetectionsSchema.NodeSchema;

    /// <summary>The evaluation ledger of a state database, for reading beside a running process.</summary>
    public static ILedgerView OpenLedger(IStateDatabase state) => new LedgerReport(state);

    /// <summary>
    /// Adds the scheduled detectors and <see cref="Backtests.Backtest"/>, which run without a catalog and a clock. Needs <see cref="IEventStore"/> and
    /// <see cref="ISourceActivity"/>; uses the <see cref="IAssetDirectory"/> that is registered, and the indicators of the <see cref="IStateDatabase"/>, else none.
    /// </summary>
    public static IServiceCollection AddDetectors(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAssetDirectory, NoAssets>();
        services.AddSingleton<IScheduledDetector, ThresholdDetector>();
        services.AddSingleton<IScheduledDetector, SilentSourceDetector>();
        services.AddSingleton<IScheduledDetector, NewTermsDetector>();
        services.AddSingleton<IScheduledDetector, RareValueDetector>();
        services.AddSingleton<IScheduledDetector, SequenceDetector>();
        services.AddSingleton<IScheduledDetector, SpikeDetector>();
        services.AddSingleton<IScheduledDetector, FlatlineDetector>();
        services.AddSingleton<IScheduledDetector, SeasonalAnomalyDetector>();
        services.AddSingleton<IScheduledDetector, BeaconingDetector>();
        services.AddSingleton<IScheduledDetector, ImpossibleTravelDetector>();
        services.AddSingleton<IScheduledDetector, FirstContactDetector>();
        services.AddSingleton<IScheduledDetector, IndicatorMatchDetector>();
        services.TryAddSingleton<IIndicators>(static s => s.GetService<IStateDatabase>() is { } state ? new IndicatorSet(new IndicatorTable(state), s.GetService<DetectionMetrics>()) : new FixedIndicators([]));
        return services.AddSingleton<Backtests.Backtest>();
    }

    /// <summary>
    /// Adds <see cref="RuleCatalog"/>, <see cref="IStreamDetector"/>, <see cref="ILedgerView"/> and their hosted services. Needs
    /// a host's metrics, <see cref="IStateDatabase"/>, <see cref="IEventStore"/>, <see cref="IIngestWatermark"/>, <see cref="ISourceActivity"/> and <see cref="IDetectionSink"/>; uses the
    /// <see cref="IAssetDirectory"/> that is registered, else none.
    /// </summary>
    /// <param name="cluster">Shared with other processes; null for one process alone.</param>
    public static IServiceCollection AddDetections(this IServiceCollection services, Action<DetectionOptions> configure, ClusterStore? cluster = null)
    {
        services.AddOptions<DetectionOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DetectionMetrics>();

        services.AddDetectors();
        services.AddSingleton<IndicatorTable>();
        services.AddHostedService<IndicatorFiles>();
        services.AddSingleton(static s => new ScheduledRuleReader(s.GetServices<IScheduledDetector>()));
        services.AddSingleton<RuleFiles>();
        services.AddSingleton<RuleCounts>().AddSingleton<StageStore>().AddSingleton<RuleVersions>().AddSingleton<RuleVolume>().AddSingleton<RuleTrials>().AddSingleton<RuleFeeds>().AddSingleton<RuleVocabulary>().AddSingleton<RuleCompletion>().AddSingleton<RuleReview>().AddSingleton<UnfinishedDrafts>();
        services.AddSingleton(static s => new RuleCatalog(
            s.GetRequiredService<IOptions<DetectionOptions>>(), s.GetRequiredService<RuleFiles>(), s.GetRequiredService<RuleCounts>(), s.GetRequiredService<StageStore>(), s.GetRequiredService<RuleVersions>(), s.GetRequiredService<RuleVolume>(),
            s.GetRequiredService<DetectionMetrics>(), s.GetRequiredService<ILogger<RuleCatalog>>()));
        services.AddSingleton<StreamCorrelations>();
        services.AddSingleton<IStreamDetector, SigmaStreamDetector>();
        services.AddSingleton<RuleMeter>();
        services.AddHostedService<RuleService>();

        services.AddSingleton(static s => NodeIdentity.Of(s.GetRequiredService<IOptions<DetectionOptions>>()));
        services.AddSingleton<EvaluationLedger>().AddSingleton<Suppressions>().AddSingleton<ClusterWatermark>();
        services.AddSingleton<ILedgerView, LedgerReport>();
        services.AddSingleton<WindowEvaluator>().AddSingleton<LateEvents>().AddSingleton<EvaluationLook>();
        if (cluster is not null)
        {
            services.AddSingleton(cluster);
            services.AddHostedService<NodeBeat>();
            services.AddHostedService<RuleWatch>();
        }
        // Quartz is configured before options are read; what is out of range is refused by their validation at the start.
        var given = new DetectionOptions();
        configure(given);
        Clock.Add(services, given, cluster);
        return services;
    }
}
