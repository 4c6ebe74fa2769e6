using System.ComponentModel.DataAnnotations;
using Beacon.Alerting.Alerts;
using Beacon.Alerting.Alerts.Bulk;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Alerting.Alerts.Search;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Audit.Verification;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Clocks;
using Beacon.Alerting.Desks;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Incidents.Evidence;
using Beacon.Alerting.Incidents.Joining;
using Beacon.Alerting.Incidents.Observables;
using Beacon.Alerting.Incidents.Reports;
using Beacon.Alerting.Incidents.Work;
using Beacon.Alerting.Notifications;
using Beacon.Alerting.Notifications.Channels;
using Beacon.Alerting.Notifications.Channels.Cef;
using Beacon.Alerting.Notifications.Channels.DingTalk;
using Beacon.Alerting.Notifications.Channels.Email;
using Beacon.Alerting.Notifications.Channels.Feishu;
using Beacon.Alerting.Notifications.Channels.Http;
using Beacon.Alerting.Notifications.Channels.Slack;
using Beacon.Alerting.Notifications.Channels.Syslog;
using Beacon.Alerting.Notifications.Channels.Teams;
using Beacon.Alerting.Notifications.Channels.Webhook;
using Beacon.Alerting.Notifications.Channels.WeCom;
using Beacon.Alerting.Notifications.Sending;
using Beacon.Alerting.Notifications.Setup;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Actions.Hunts;
using Beacon.Alerting.Playbooks.Actions.OpenC2;
using Beacon.Alerting.Playbooks.Actions.Outgoing;
using Beacon.Alerting.Playbooks.Actions.Scripts;
using Beacon.Alerting.Playbooks.Actions.Ssh;
using Beacon.Alerting.Playbooks.Imports;
using Beacon.Alerting.Playbooks.Runs;
using Beacon.Alerting.Secrets;
using Beacon.Alerting.Storage;
using Beacon.Alerting.Warnings;
using Beacon.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Beacon.Alerting;

/// <summary>The only registration list of this room.</summary>
public static class AlertingModule
{
    /// <summary>Name of this room's meter.</summary>
    public const string MeterName = AlertingMetrics.MeterName;

    /// <summary>Tables of this room, in the order in which they are made: hand them to the state database when it is opened.</summary>
    public static IReadOnlyList<StateSchema> Schemas { get; } =
    [
        AlertingSchema.Schema, NotificationSchema.Schema, SecretSchema.Schema,
        TriageSchema.Schema, WarningSchema.Schema, ClockSchema.Schema, PlaybookSchema.Schema,
        IncidentSchema.Schema, EvidenceSchema.Schema, ObservableSchema.Schema, DeskSchema.Schema, AlertTextSchema.Schema, EventAlertSchema.Schema,
    ];

    /// <summary>
    /// Adds alerts, warnings, incidents, playbooks, the change feed and the audit trail. Wants an <see cref="IStateDatabase"/>;
    /// uses the <see cref="IAssetDirectory"/> and <see cref="TimeProvider"/> that are registered, else none and the system's.
    /// </summary>
    public static IServiceCollection AddAlerting(this IServiceCollection services, AlertingOptions options)
    {
        Validate(options);
        services.AddSingleton<IOptions<AlertingOptions>>(Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAssetDirectory, NoAssets>();
        services.TryAddSingleton<IPeople, NoPeople>();
        services.AddSingleton<AlertingMetrics>();

        services.AddSingleton<AuditTrail>().AddSingleton<IAuditTrail>(s => s.GetRequiredService<AuditTrail>());
        services.AddSingleton<IVerification, AuditVerification>().AddSingleton<IVerification, TimelineVerification>();
        services.AddSingleton<IChainVerifier, ChainVerifier>().AddSingleton<AnchorWorker>().AddSingleton<IHostedService>(s => s.GetRequiredService<AnchorWorker>());
        services.AddSingleton<ChangeFeed>().AddSingleton<IChangeFeed>(s => s.GetRequiredService<ChangeFeed>());
        services.AddSingleton<AlertingDatabase>();

        services.AddSingleton<SecretVault>().AddSingleton<ISecretVault>(s => s.GetRequiredService<SecretVault>()).AddSingleton<ISecretReader>(s => s.GetRequiredService<SecretVault>());

        services.AddSingleton<EntityKeys>().AddSingleton<IncidentCorrelator>();
        services.AddSingleton<IncidentEditor>().AddSingleton<IIncidentService, IncidentService>().AddSingleton<IIncidentWork, IncidentWork>().AddSingleton<IIncidentJoining, IncidentJoining>();
        services.AddSingleton<EvidenceFiles>().AddSingleton<IIncidentEvidence, IncidentEvidence>().AddSingleton<IVerification, CustodyVerification>().AddSingleton<IVerification, EvidenceVerification>();
        services.TryAddSingleton<IReportWords, EnglishWords>();
        services.AddSingleton<RunNames>();
        services.AddSingleton<IIncidentReports, IncidentReports>().AddSingleton<ObservableBook>().AddSingleton<IObservables>(s => s.GetRequiredService<ObservableBook>());

        services.AddSingleton<AdviceBook>().AddSingleton<IKnownTexts, KnownTexts>();
        services.AddSingleton<WarningMatrices>().AddSingleton<IWarningMatrices>(s => s.GetRequiredService<WarningMatrices>());
        services.AddSingleton<StageBook>().AddSingleton<AssetIndex>().AddSingleton<Exposure>().AddSingleton<Spread>();
        services.AddSingleton<WarningDescriber>().AddSingleton<WarningDesk>().AddSingleton<WarningReader>().AddSingleton<WarningReminders>();
        services.AddSingleton<IWarningService, WarningService>();

        services.AddSingleton<ClockBook>().AddSingleton<IClockBook>(s => s.GetRequiredService<ClockBook>());
        services.AddSingleton<ClockDesk>().AddSingleton<ClockTicking>().AddSingleton<IClockService, ClockService>();

        services.AddSingleton<IDetectionSink, AlertIntake>();
        services.AddSingleton<AlertReader>().AddSingleton<AlertAging>();
        services.AddSingleton<IAlertService, AlertService>().AddSingleton<IAlertBulk, AlertBulk>();
        services.AddSingleton<IViewService, ViewService>().AddSingleton<IAwayService, AwayService>().AddSingleton<IShiftNotes, ShiftNotes>();
        services.AddSingleton<ExceptionFilter>().AddSingleton<ExceptionTicking>().AddSingleton<IExceptionService, ExceptionService>();
        services.AddSingleton<RiskBook>().AddSingleton<IRiskService, RiskService>();

        services.AddSingleton<PlaybookLibrary>();
        services.AddSingleton<IPlaybookLibrary>(s => s.GetRequiredService<PlaybookLibrary>());
        services.AddSingleton<IPlaybookValidator>(s => s.GetRequiredService<PlaybookLibrary>());
        services.AddSingleton<Playbooks.Drills.IDrillLibrary, Playbooks.Drills.DrillLibrary>();
        services.TryAddSingleton<IHostResolver, DnsResolver>();
        services.AddSingleton<OutgoingHosts>().AddSingleton<HostTrust>().AddSingleton<OutgoingHttp>().AddSingleton<KnownHosts>().AddSingleton<IReachability, Reachability>();
        services.AddSingleton<IPlaybookAction, HttpApiAction>().AddSingleton<IPlaybookAction, SshAction>().AddSingleton<IPlaybookAction, OpenC2Action>().AddSingleton<IPlaybookAction, HuntAction>().AddSingleton<IPlaybookAction, ScriptAction>();
        services.TryAddSingleton<IHunt, StoreHunt>();
        services.AddSingleton<PlaybookActions>().AddSingleton<StepRunner>().AddSingleton<ApprovalRules>();
        services.AddSingleton<PlaybookImports>().AddSingleton<IPlaybookImports>(s => s.GetRequiredService<PlaybookImports>());
        services.AddSingleton<IPlaybookSecrets, VaultSecrets>();
        services.AddSingleton<PlaybookEngine>().AddSingleton<IPlaybookEngine>(s => s.GetRequiredService<PlaybookEngine>());
        services.AddSingleton<IRunTimes, RunTimes>();

        services.AddSingleton<ChatSender>().AddSingleton<Notifiers>();
        services.AddSingleton<INotifier, EmailNotifier>().AddSingleton<INotifier, WebhookNotifier>().AddSingleton<INotifier, SlackNotifier>().AddSingleton<INotifier, TeamsNotifier>()
            .AddSingleton<INotifier, FeishuNotifier>().AddSingleton<INotifier, DingTalkNotifier>().AddSingleton<INotifier, WeComNotifier>()
            .AddSingleton<INotifier, SyslogNotifier>().AddSingleton<INotifier, CefNotifier>();
        services.AddSingleton<INotificationSetups, NotificationSetups>().AddSingleton<ChannelOpener>().AddSingleton<DeliveryEngine>();
        services.AddSingleton<NotificationService>().AddSingleton<INotificationService>(s => s.GetRequiredService<NotificationService>());
        services.AddSingleton<IHostedService, NotificationWorker>();

        services.AddSingleton<AlertingClock>().AddSingleton<IHostedService>(s => s.GetRequiredService<AlertingClock>());
        services.AddSingleton<IHostedService, PlaybookWorker>().AddSingleton<IHostedService, SharedFeed>();
        return services;
    }

    private static void Validate(AlertingOptions options)
    {
        var faults = new List<string>();
        Check("Alerting", options, faults);
        if (faults.Count > 0) throw new OptionsValidationException("Alerting", typeof(AlertingOptions), faults);
    }

    /// <summary>Groups of settings ("Alerting:Warnings:…") are checked like the settings around them.</summary>
    private static void Check(string name, object options, List<string> faults)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        faults.AddRange(found.Select(f => $"{name}:{string.Join(',', f.MemberNames)}: {f.ErrorMessage}"));
        foreach (var group in options.GetType().GetProperties().Where(p => p.PropertyType.IsClass && p.PropertyType.Assembly == typeof(AlertingOptions).Assembly))
            if (group.GetValue(options) is { } value) Check($"{name}:{group.Name}", value, faults);
    }
}
