using Beacon.Alerting.Alerts;
using Beacon.Alerting.Audit;
using Beacon.Alerting.Changes;
using Beacon.Alerting.Incidents;
using Beacon.Alerting.Playbooks;
using Beacon.Alerting.Playbooks.Actions;
using Beacon.Alerting.Playbooks.Actions.HttpApi;
using Beacon.Alerting.Playbooks.Runs;
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

    /// <summary>Tables of this room: hand them to the state database when it is opened.</summary>
    public static StateSchema Schema => AlertingSchema.Schema;

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
        services.AddSingleton<AlertingMetrics>();

        services.AddSingleton<AuditTrail>().AddSingleton<IAuditTrail>(s => s.GetRequiredService<AuditTrail>());
        services.AddSingleton<ChangeFeed>().AddSingleton<IChangeFeed>(s => s.GetRequiredService<ChangeFeed>());
        services.AddSingleton<AlertingDatabase>();

        services.AddSingleton<EntityKeys>().AddSingleton<IncidentCorrelator>();
        services.AddSingleton<IIncidentService, IncidentService>();

        services.AddSingleton<AdviceBook>();
        services.AddSingleton<WarningMatrices>().AddSingleton<IWarningMatrices>(s => s.GetRequiredService<WarningMatrices>());
        services.AddSingleton<WarningDesk>();
        services.AddSingleton<IWarningService, WarningService>();

        services.AddSingleton<IDetectionSink, AlertIntake>();
        services.AddSingleton<AlertReader>().AddSingleton<AlertAging>();
        services.AddSingleton<IAlertService, AlertService>();

        services.AddSingleton<PlaybookLibrary>();
        services.AddSingleton<IPlaybookLibrary>(s => s.GetRequiredService<PlaybookLibrary>());
        services.AddSingleton<IPlaybookValidator>(s => s.GetRequiredService<PlaybookLibrary>());
        services.AddSingleton<OutgoingHosts>().AddSingleton<IPlaybookAction, HttpApiAction>();
        services.AddSingleton<PlaybookEngine>().AddSingleton<IPlaybookEngine>(s => s.GetRequiredService<PlaybookEngine>());

        services.AddSingleton<AlertingClock>().AddSingleton<IHostedService>(s => s.GetRequiredService<AlertingClock>());
        services.AddSingleton<IHostedService, PlaybookWorker>().AddSingleton<IHostedService, SharedFeed>();
        return services;
    }

    private static void Validate(AlertingOptions options)
    {
        var faults = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        if (!System.ComponentModel.DataAnnotations.Validator.TryValidateObject(options, new System.ComponentModel.DataAnnotations.ValidationContext(options), faults, validateAllProperties: true))
            throw new OptionsValidationException("Alerting", typeof(AlertingOptions), faults.Select(f => $"Alerting:{string.Join(',', f.MemberNames)}: {f.ErrorMessage}"));
    }
}
