using System.ComponentModel.DataAnnotations;
using Beacon.Alerting.Alerts.Exceptions;
using Beacon.Alerting.Alerts.Risk;
using Beacon.Alerting.Warnings;

namespace Beacon.Alerting;

/// <summary>Settings of alerting, section "Alerting".</summary>
public sealed class AlertingOptions
{
    /// <summary>Detections of one rule about one entity join an open alert that was last seen within this span. 1 minute to 7 days, default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan GroupingWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Open alerts of one rule within the grouping window; detections about further entities become one line. 10 to 10,000, default 200.</summary>
    [Range(10, 10_000)]
    public int AlertsPerRule { get; set; } = 200;

    /// <summary>Newest detections kept with an alert beside its first. 1 to 200, default 20.</summary>
    [Range(1, 200)]
    public int EvidencePerAlert { get; set; } = 20;

    /// <summary>How long a detection's id is remembered, so that a replay changes nothing. 1 hour to 90 days, default 7 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan DetectionMemory { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Most detection ids remembered; the oldest go first. 10,000 to 50,000,000, default 2,000,000.</summary>
    [Range(10_000, 50_000_000)]
    public int DetectionMemoryLimit { get; set; } = 2_000_000;

    /// <summary>An alert joins an open incident that shares an entity with it and was active within this span. 10 minutes to 30 days, default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:10:00", "30.00:00:00")]
    public TimeSpan IncidentWindow { get; set; } = TimeSpan.FromHours(24);

    /// <summary>An entity that this many open incidents name ties no further alert to any of them. 2 to 1,000, default 8.</summary>
    [Range(2, 1_000)]
    public int HubIncidents { get; set; } = 8;

    /// <summary>An entity that more alerts of the window name (a proxy, a scanner, a shared account) ties nothing together. 5 to 10,000, default 40.</summary>
    [Range(5, 10_000)]
    public int HubAlerts { get; set; } = 40;

    /// <summary>Most alerts an incident takes; the next one opens another. 10 to 100,000, default 2,000.</summary>
    [Range(10, 100_000)]
    public int AlertsPerIncident { get; set; } = 2_000;

    /// <summary>Rows of the change feed kept. 1,000 to 10,000,000, default 100,000.</summary>
    [Range(1_000, 10_000_000)]
    public int ChangesKept { get; set; } = 100_000;

    /// <summary>How long rows of the change feed are kept. 1 hour to 90 days, default 7 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan ChangeRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often scores are computed anew, shelves run out and old rows are removed. 1 second to 1 hour, default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TickInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Directories of playbooks (*.json), read in order; a later id replaces an earlier one. Default: "playbooks" beside the program.</summary>
    public IList<string> PlaybookDirectories { get; } = [Path.Combine(AppContext.BaseDirectory, "playbooks")];

    /// <summary>Directory of matrix.json, advice.json, stages.json, clocks.json, and texts.LANGUAGE.json with advice and outlook in other languages. Default: "data" beside the program.</summary>
    public string DataDirectory { get; set; } = Path.Combine(AppContext.BaseDirectory, "data");

    /// <summary>
    /// Hosts that http-api and openc2-http steps may call: "fw.example.org", "fw.example.org:8443" or "*.example.org"; names compare
    /// without case. With methods before it ("GET,POST fw.example.org") only these. Default none: every call is refused.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>
    /// Hosts of <see cref="AllowedHosts"/> that may have a private, loopback or link-local address; and the addresses of that kind at which a silent source's sender
    /// may be tried. A network ("10.20.0.0/16") stands for the addresses in it. Default none.
    /// </summary>
    public IList<string> AllowedPrivateHosts { get; } = [];

    /// <summary>Time for one http-api call where the step says nothing. 1 second to 10 minutes, default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan HttpTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer that is read, bytes; a larger one fails the step. 1 KiB to 16 MiB, default 1 MiB.</summary>
    [Range(1_024, 16 * 1_024 * 1_024)]
    public int HttpResponseBytes { get; set; } = 1_024 * 1_024;

    /// <summary>Automatic steps under way at once. 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int ConcurrentSteps { get; set; } = 4;

    /// <summary>File into which heads of hash chains are written, so that a cut-off end shows. Default: "anchors.log" in the data folder; empty for none.</summary>
    public string AnchorFile { get; set; } = "";

    /// <summary>Notifications.</summary>
    public Notifications.NotificationOptions Notifications { get; } = new();

    /// <summary>The vault.</summary>
    public Secrets.SecretOptions Secrets { get; } = new();

    /// <summary>Open playbook runs; one more is refused. 1 to 100,000, default 1,000.</summary>
    [Range(1, 100_000)]
    public int OpenRuns { get; set; } = 1_000;

    /// <summary>Certificates of hosts that are called.</summary>
    public Playbooks.Actions.Outgoing.OutgoingOptions Outgoing { get; } = new();

    /// <summary>ssh steps.</summary>
    public Playbooks.Actions.Ssh.SshOptions Ssh { get; } = new();

    /// <summary>bash and powershell steps.</summary>
    public Playbooks.Actions.Scripts.ScriptOptions Scripts { get; } = new();

    /// <summary>sigma and elastic steps.</summary>
    public Playbooks.Actions.Hunts.HuntOptions Hunts { get; } = new();

    public WarningOptions Warnings { get; } = new();
    public ExceptionOptions Exceptions { get; } = new();
    public RiskOptions Risk { get; } = new();
    /// <summary>Playbook runs: approvals, loops, playbooks within playbooks.</summary>
    public Playbooks.PlaybookOptions Playbooks { get; } = new();
    public Incidents.Evidence.EvidenceOptions Evidence { get; } = new();
}
