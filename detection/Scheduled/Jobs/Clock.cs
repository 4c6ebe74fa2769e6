using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Beacon.Detections.Scheduled.Jobs;

/// <summary>Quartz as the clock: in memory for one process, in PostgreSQL for several. What it forgets or does twice, the ledger mends.</summary>
internal static class Clock
{
    private const string Group = "detection";

    public static void Add(IServiceCollection services, DetectionOptions options, ClusterStore? cluster)
    {
        services.AddQuartz(quartz =>
        {
            if (cluster is not null) Share(quartz, cluster);
            Beat<LiveJob>(quartz, "live", options.EvaluationSeconds);
            // Two, so that a long stop is made up by two processes at once.
            Beat<OverdueJob>(quartz, "overdue-1", options.EvaluationSeconds);
            Beat<OverdueJob>(quartz, "overdue-2", options.EvaluationSeconds);
            Beat<LateJob>(quartz, "late", options.LateLookSeconds);
        });
        services.AddQuartzHostedService(static hosted => hosted.WaitForJobsToComplete = true);
    }

    private static void Share(IQuartzBuilder quartz, ClusterStore cluster)
    {
        // Fire times are compared between processes, whose own clocks may be minutes apart.
        quartz.UseTimeProvider(cluster.Clock);
        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(cluster.Factory, cluster.ConnectionString);
            store.UseSystemTextJsonSerializer();
            store.ProvisionSchema();
            store.UseClustering(static clustering =>
            {
                clustering.CheckinInterval = TimeSpan.FromSeconds(5);
                clustering.CheckinMisfireThreshold = TimeSpan.FromSeconds(10);
            });
            store.ConfigureStore(static options =>
            {
                options.MisfireThreshold = TimeSpan.FromSeconds(5);
                options.DbRetryInterval = TimeSpan.FromSeconds(5);
            });
        });
    }

    private static void Beat<TJob>(IQuartzBuilder quartz, string name, int seconds) where TJob : IJob => quartz
        .AddJob<TJob>(job => job.WithIdentity(name, Group))
        .AddTrigger(trigger => trigger.ForJob(name, Group).WithIdentity(name, Group).StartNow()
            .WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromSeconds(Math.Max(1, seconds))).RepeatForever()));
}
