using System.Globalization;
using Beacon.Alerting;
using Beacon.Collectors;
using Beacon.Collectors.Receivers.Http;
using Beacon.Detections;
using Beacon.Events;
using Beacon.State;
using Beacon.Storage.Elasticsearch;
using Beacon.Web.Api;
using Beacon.Web.Api.Document;
using Beacon.Web.Console;
using Beacon.Web.Console.Pages.Incidents;
using Beacon.Web.Console.Shell;
using Beacon.Web.Live;
using Beacon.Web.Security;
using Beacon.Web.Surroundings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using MudBlazor.Services;
using OpenTelemetry.Metrics;

namespace Beacon.Web.Hosting;

/// <summary>Joins the rooms into one process: the only place that knows all of them.</summary>
public sealed class BeaconHost : IAsyncDisposable
{
    private readonly DataDirectory _data;
    private readonly StateDatabase _state;

    private BeaconHost(WebApplication app, DataDirectory data, StateDatabase state) => (App, _data, _state) = (app, data, state);

    /// <summary>The web application, for stopping it and waiting for its end.</summary>
    public WebApplication App { get; }
    /// <summary>All services of all rooms.</summary>
    public IServiceProvider Services => App.Services;

    /// <summary>First address that is listened on, with the port that was taken.</summary>
    public string Address => App.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "127.0.0.1", StringComparison.Ordinal);

    /// <summary>Builds and starts everything; on return the console answers.</summary>
    /// <exception cref="CommandException">Something that the person at the command line can mend.</exception>
    public static async Task<BeaconHost> StartAsync(ServeOptions options, CancellationToken cancellation = default)
    {
        var data = DataDirectory.Open(options.Data);
        StateDatabase? state = null;
        WebApplication? app = null;
        try
        {
            var builder = Builder(options, data);
            // A demonstration plays on a folder of its own, whatever the environment says.
            state = StateDatabase.Open(options.Demo || options.Isolated ? new StateOptions() : StateSource.Options(builder.Configuration), data.StateFile, StateSource.Schemas, data.NodeName);
            app = Build(builder, options, data, state);
            await app.Services.GetRequiredService<IEventStore>().OpenAsync(cancellation);
            await app.StartAsync(cancellation);
            app.Services.GetRequiredService<Readiness>().MarkStarted();
            return new BeaconHost(app, data, state);
        }
        catch (Exception fault)
        {
            if (app is not null) await app.DisposeAsync();
            state?.Dispose();
            data.Dispose();
            if (Explain(fault) is { } words) throw new CommandException(words);
            throw;
        }
    }

    /// <summary>Stops everything in order: receivers first, then what they feed; then lets go of the data folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        _state.Dispose();
        _data.Dispose();
    }

    private static WebApplicationBuilder Builder(ServeOptions options, DataDirectory data)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"), ApplicationName = typeof(BeaconHost).Assembly.GetName().Name });
        builder.Configuration.Sources.Clear();
        if (!options.Isolated) builder.Configuration.AddJsonFile(data.Settings, optional: true).AddEnvironmentVariables("BEACON_");
        builder.Configuration.AddInMemoryCollection(options.Settings);
        return builder;
    }

    private static WebApplication Build(WebApplicationBuilder builder, ServeOptions options, DataDirectory data, StateDatabase state)
    {
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        builder.WebHost.UseUrls([.. options.Listen]);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning).AddFilter("Beacon", options.Quiet ? LogLevel.Error : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Every request with a wrong key is a line otherwise, and strangers would write our log.
        builder.Logging.AddFilter("Beacon.Web.Security.ApiKeyHandler", LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

        AddRooms(builder, options, data, state);
        AddWeb(builder, options, data, state);
        var app = builder.Build();
        UseWeb(app, options);
        return app;
    }

    private static void AddRooms(WebApplicationBuilder builder, ServeOptions options, DataDirectory data, StateDatabase state)
    {
        var services = builder.Services;
        var configuration = builder.Configuration;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IStateDatabase>(state);

        EventStores.Add(services, configuration, data.Events);

        void Configure(DetectionOptions detection)
        {
            detection.UserRules = data.Rules;
            detection.PlaceholdersFile = data.Placeholders;
            detection.Indicators = data.Indicators;
            detection.UserPipelines = data.Pipelines;
            detection.Node = data.NodeName;
            configuration.GetSection("Detection").Bind(detection);
        }
        var checkedEarly = new DetectionOptions();
        Configure(checkedEarly);
        Check("Detection", checkedEarly);
        services.AddDetections(Configure, StateSource.ClusterOf(state));

        var alerting = new AlertingOptions();
        alerting.PlaybookDirectories.Add(data.Playbooks);
        alerting.Secrets.KeyFile = data.SecretKeys;
        alerting.AnchorFile = DataDirectory.AnchorsIn(data.Path);
        alerting.Evidence.Directory = DataDirectory.EvidenceIn(data.Path);
        configuration.GetSection("Alerting").Bind(alerting);
        services.AddAlerting(alerting);

        // Last, so that receivers open only once what takes their events is there.
        var collectors = new CollectorsOptions { SpoolDirectory = data.Spool, SyslogAddress = options.SyslogAddress, SyslogPort = options.SyslogPort };
        configuration.GetSection(CollectorsOptions.Section).Bind(collectors);
        services.AddCollectors(collectors);
        services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = TimeSpan.FromSeconds(20);
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
    }

    private static void AddWeb(WebApplicationBuilder builder, ServeOptions options, DataDirectory data, StateDatabase state)
    {
        var services = builder.Services;
        var protection = services.AddDataProtection().SetApplicationName("beacon");
        if (state.IsShared) services.Configure<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>(keys => keys.XmlRepository = new StateKeyRing(state));
        else protection.PersistKeysToFileSystem(new DirectoryInfo(data.Keys));
        services.AddSingleton<IPeople, People>().AddSingleton<UserDirectory>().AddSingleton<SetupToken>().AddSingleton<ApiKeys>().AddSingleton<AccountChanges>().AddSingleton<ResetLinks>().AddSingleton<PeopleDesk>().AddSingleton<SignInLimits>().AddSingleton<Readiness>().AddSingleton<PushMetrics>().AddSingleton<Drills.DrillJobs>().AddSingleton<Assets.AssetDesk>().AddSingleton<Sources.SilenceDesk>().AddSingleton<Rules.RuleDesk>().AddSingleton<Rules.RuleBench>().AddSingleton<Rules.FeedReader>().AddSingleton<Rules.BlindReader>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(Sessions.Configure)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Scheme_, null);
        services.AddAuthorization(Policies.Add);
        services.AddCascadingAuthenticationState();
        services.AddScoped<Microsoft.AspNetCore.Components.Authorization.AuthenticationStateProvider, CircuitAuthentication>();
        services.AddHttpContextAccessor();
        services.AddAntiforgery();
        services.AddProblemDetails();
        services.AddApiDocument();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new System.Text.Json.Serialization.JsonStringEnumConverter()));

        services.AddReportLanguages();
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            circuit.DisconnectedCircuitMaxRetained = 100;
            circuit.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            // A browser that left owes its answers for good: a virtual list's last words to it (Virtualize's own, that nobody can catch) would end as an error of
            // the circuit a minute later, and so would those to one whose link is away for longer than that. What waits ends with the circuit.
            circuit.JSInteropDefaultCallTimeout = Timeout.InfiniteTimeSpan;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = 1024 * 1024);
        services.AddMudServices();
        services.AddScoped<Viewer>().AddScoped<Ticker>().AddScoped<KeyRouter>().AddScoped<RuleHandOff>().AddScoped<LinkWatch>().AddScoped<Microsoft.AspNetCore.Components.Server.Circuits.CircuitHandler>(s => s.GetRequiredService<LinkWatch>()).AddScoped<LiveFeed>().AddSingleton<WaitingApprovals>().AddSingleton<Console.Shell.Jump.JumpReader>();
        services.AddSingleton<SourceHealth>().AddSingleton<Console.Pages.Wall.WallReader>().AddSingleton<ProcessTreeReader>().AddSingleton<SessionReader>();

        services.AddSignalR(hub => hub.MaximumReceiveMessageSize = 64 * 1024).AddMessagePackProtocol();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Beacon.*", "System.Runtime").AddPrometheusExporter(exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 300));
        if (options.Demo) services.AddSingleton<DemoVisitor>();
    }

    private static void UseWeb(WebApplication app, ServeOptions options)
    {
        string[] cultures = ["en", "zh-Hans"];
        app.UseExceptionHandler("/error");
        app.UseStatusCodePages();
        app.UseResponseHeaders();
        app.UseRequestLocalization(o => o.SetDefaultCulture("en").AddSupportedCultures(cultures).AddSupportedUICultures(cultures));
        app.UseAuthentication();
        if (options.Demo) app.UseMiddleware<DemoSignIn>();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapApiDocument();
        app.MapSessions();
        app.MapIngest().RequireAuthorization(Policies.Ingest).DisableAntiforgery().ExcludeFromDescription();
        app.MapApi();
        app.MapHub<BeaconHub>(BeaconHub.Path);
        // No second policy beside ours, which forbids framing altogether.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(render => render.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <exception cref="CommandException">A value is out of range; the message names the key.</exception>
    internal static void Check(string section, object options)
    {
        var faults = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        if (!System.ComponentModel.DataAnnotations.Validator.TryValidateObject(options, new(options), faults, validateAllProperties: true))
            throw new CommandException(string.Join(Environment.NewLine, faults.Select(f => $"{section}:{string.Join(',', f.MemberNames)}: {f.ErrorMessage}")));
    }

    // Faults of the surroundings are told in words; faults of ours keep their stack trace.
    private static string? Explain(Exception fault) => fault switch
    {
        CommandException own => own.Message,
        Microsoft.Extensions.Options.OptionsValidationException options => string.Join(Environment.NewLine, options.Failures),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } used => $"{used.Message} Choose another with --listen.",
        InvalidDataException file => file.InnerException is { } inner ? $"{file.Message} {inner.Message} {inner.InnerException?.Message}".TrimEnd() : file.Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } value => value.Message,
        _ => null,
    };
}
