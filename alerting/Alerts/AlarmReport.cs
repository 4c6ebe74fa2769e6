namespace Beacon.Alerting.Alerts;

/// <summary>How a measure stands against ISA-18.2 and EEMUA 191.</summary>
public enum AlarmVerdict
{
    Good,
    Fair,
    Overload,
}

/// <summary>One measure with its limits.</summary>
/// <param name="Name">"alarms-per-hour", "alarms-in-ten-minutes", "time-in-flood", "high-share", "noisiest-share", "chattering", "stale".</param>
/// <param name="Good">Good up to this.</param>
/// <param name="Overload">Overload above this.</param>
public sealed record AlarmMeasure(string Name, double Value, double Good, double Overload)
{
    public AlarmVerdict Verdict => Value <= Good ? AlarmVerdict.Good : Value > Overload ? AlarmVerdict.Overload : AlarmVerdict.Fair;
}

/// <summary>The measures of one operator (the alarms that are theirs), or of the whole console.</summary>
/// <param name="Operator">Null for the whole console.</param>
/// <param name="Alarms">New alarms of the last 24 hours.</param>
/// <param name="LowShare">Informational and low, 0 to 1; good about 0.8.</param>
/// <param name="MediumShare">0 to 1; good about 0.15.</param>
/// <param name="HighShare">High and critical, 0 to 1; good about 0.05.</param>
public sealed record AlarmMeasures(string? Operator, long Alarms, double LowShare, double MediumShare, double HighShare, IReadOnlyList<AlarmMeasure> Measures);

/// <summary>What makes a rule worth tuning.</summary>
public enum TuneReason
{
    /// <summary>It alone brings more than a tenth of all alarms.</summary>
    Noisy,
    /// <summary>Three alarms or more within a minute.</summary>
    Chattering,
    /// <summary>More than half of its judged alarms were false.</summary>
    OftenWrong,
}

/// <param name="Alarms">Of the last 24 hours.</param>
/// <param name="Share">Of all alarms, 0 to 1.</param>
/// <param name="Advice">What to do, in a sentence.</param>
public sealed record RuleToTune(string RuleId, string RuleTitle, long Alarms, double Share, double FalseShare, TuneReason Reason, string Advice);

/// <summary>The alarm load after ISA-18.2: all measures, for the console and for each operator, and the rules to tune.</summary>
public sealed record AlarmReport(DateTimeOffset At, AlarmMeasures System, IReadOnlyList<AlarmMeasures> Operators, IReadOnlyList<NoisyRule> Noisiest, IReadOnlyList<RuleToTune> Tune);
