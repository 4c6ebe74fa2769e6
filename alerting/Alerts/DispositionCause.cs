namespace Beacon.Alerting.Alerts;

/// <summary>Why an alert was harmless or wrong: what its rule's owner must know to mend it.</summary>
public enum DispositionCause
{
    Unstated,
    /// <summary>False positive: the condition matches more than it means to.</summary>
    RuleTooBroad,
    /// <summary>False positive: the threshold or baseline is too low.</summary>
    ThresholdTooLow,
    /// <summary>False positive: the indicator is out of date.</summary>
    StaleIndicator,
    /// <summary>False positive: the event was parsed or sent wrongly.</summary>
    WrongData,
    /// <summary>False positive or benign: the asset list does not know better.</summary>
    OutdatedAssets,
    /// <summary>Benign: announced work.</summary>
    Maintenance,
    /// <summary>Benign: a scan or test that was ordered.</summary>
    AuthorisedTest,
    /// <summary>Benign: what this program or person always does.</summary>
    ExpectedBehaviour,
    Other,
}

internal static class DispositionCauses
{
    public static bool Fits(Disposition disposition, DispositionCause cause) => cause switch
    {
        DispositionCause.Unstated => true,
        DispositionCause.RuleTooBroad or DispositionCause.ThresholdTooLow or DispositionCause.StaleIndicator or DispositionCause.WrongData => disposition == Disposition.FalsePositive,
        DispositionCause.Maintenance or DispositionCause.AuthorisedTest or DispositionCause.ExpectedBehaviour => disposition == Disposition.Benign,
        DispositionCause.OutdatedAssets or DispositionCause.Other => disposition is Disposition.FalsePositive or Disposition.Benign,
        _ => false,
    };
}
