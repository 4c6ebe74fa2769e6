using Beacon.Collectors.Enrichment;
using Beacon.Collectors.Parsers;
using Beacon.Collectors.Pipeline;
using Beacon.Collectors.Quarantine;
using Beacon.Collectors.Receivers;
using Beacon.Collectors.Receivers.Evtx;
using Beacon.Collectors.Receivers.Http;
using Beacon.Collectors.Receivers.Syslog;
using Beacon.Collectors.Receivers.Tail;
using Beacon.Collectors.Sources;
using Beacon.Collectors.Spool;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beacon.Collectors;

/// <summary>The one list of what the collectors consist of.</summary>
public static class CollectorsModule
{
    /// <summary>Name of the meter, for exporters.</summary>
    public const string MeterName = CollectorsMeter.Name;

    /// <summary>The parsers, in the order in which recognition asks them.</summary>
    public static ParserCatalog CreateParsers() => ParserList.Create();

    /// <summary>The assets of a state database, for reading and changing them beside a running process, which sees a change within two seconds.</summary>
    public static async Task<IAssetDirectory> OpenAssetsAsync(IStateDatabase state, CancellationToken cancellation)
    {
        var assets = new AssetDirectory(state);
        await assets.LoadAsync(cancellation).ConfigureAwait(false);
        return assets;
    }

    /// <summary>
    /// Adds the collectors. Asked for from elsewhere: <see cref="IStateDatabase"/> (opened with <see cref="CollectorsSchema"/>), an
    /// <see cref="IEventStore"/> that is open before hosted services start, <see cref="IStreamDetector"/>, <see cref="IDetectionSink"/>,
    /// <see cref="TimeProvider"/>, logging. Gives: <see cref="SourceService"/>, <see cref="ExpectedSilences"/>, <see cref="LossLedger"/>, <see cref="FrameQuarantine"/>,
    /// <see cref="ParserCatalog"/>, <see cref="IAssetDirectory"/>, <see cref="IIngestWatermark"/>, <see cref="ISourceActivity"/>.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range; the message names its key.</exception>
    public static IServiceCollection AddCollectors(this IServiceCollection services, CollectorsOptions options)
    {
        CollectorsOptionsCheck.Check(options);
        services.AddSingleton(options);
        services.AddSingleton<CollectorsMeter>();
        services.AddSingleton(CreateParsers());

        services.AddSingleton(p => FrameSpool.Open(new SpoolSettings(options.SpoolDirectory, options.SpoolSegmentBytes, options.SpoolMaxBytes, options.MaxFrameBytes),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<FrameSpool>>()));
        services.AddSingleton<Intake>();
        services.AddSingleton(p => new LossLedger(p.GetRequiredService<IStateDatabase>(), options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<CollectorsMeter>(), p.GetRequiredService<ILogger<LossLedger>>()));
        services.AddSingleton(p => new FrameQuarantine(p.GetRequiredService<IStateDatabase>(), p.GetRequiredService<FrameSpool>(), options, p.GetRequiredService<ILogger<FrameQuarantine>>()));

        services.AddSingleton<AssetDirectory>();
        services.AddSingleton<IAssetDirectory>(p => p.GetRequiredService<AssetDirectory>());
        services.AddSingleton<AssetEnricher>();

        services.AddSingleton<SourceCatalog>();
        services.AddSingleton<FilePositions>();
        services.AddSingleton<FileRoots>();
        services.AddSingleton(p => new ExpectedSilences(p.GetRequiredService<IStateDatabase>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ActivityBook>();
        services.AddSingleton<ISourceActivity>(p => p.GetRequiredService<ActivityBook>());
        services.AddSingleton(new RecentDocuments(options.RememberedIds));
        services.AddSingleton(new EventPool(options.StoreBatchEvents));
        services.AddSingleton<FrameDecoder>();
        services.AddSingleton<DetectionWriter>();
        services.AddSingleton<StoreWriter>();
        services.AddSingleton<IngestPipeline>();
        services.AddSingleton<IIngestWatermark>(p => p.GetRequiredService<IngestPipeline>());
        services.AddSingleton<TrialDoors>();
        services.AddSingleton<IngestRequests>();

        services.AddSingleton<IReceiver, SyslogUdpReceiver>();
        services.AddSingleton<IReceiver, SyslogTcpReceiver>();
        services.AddSingleton<IReceiver, FileReceiver>();
        services.AddSingleton<IReceiver, HttpReceiver>();
        services.AddSingleton<IReceiver, EvtxReceiver>();
        services.AddSingleton(p => new SourceService(p.GetServices<IReceiver>(), p.GetRequiredService<SourceCatalog>(), p.GetRequiredService<ParserCatalog>(), p.GetRequiredService<Intake>(),
            p.GetRequiredService<ExpectedSilences>(), p.GetRequiredService<FileRoots>(), p.GetRequiredService<IStateDatabase>(), options, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<SourceService>>()));

        // Started in this order, stopped in the reverse: receivers fall silent before the pipeline drains.
        services.AddHostedService<AssetLoading>();
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<IngestPipeline>());
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<SourceService>());
        return services;
    }
}
