namespace Beacon.Detections.Correlation;

/// <summary>Hears of every change that a restart must not forget.</summary>
internal interface ICorrelationLog
{
    void Entered(CompiledCorrelation correlation, CorrelationGroup group, in CorrelationEntry entry);

    /// <summary>When it last raised, whether it is armed, or up to where its windows are closed.</summary>
    void Marked(CompiledCorrelation correlation, CorrelationGroup group);
}

/// <summary>Hears of what is lost.</summary>
internal interface ICorrelationCounts
{
    /// <summary>Entries were dropped because a ceiling was reached.</summary>
    void CountEvictions(string ruleId, int entries);

    /// <summary>An event came too late to be put in its place.</summary>
    void CountLate(string ruleId);
}
