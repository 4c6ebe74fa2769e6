namespace Beacon.Events;

/// <summary>Matches events as they pass. Safe to call from several threads.</summary>
public interface IStreamDetector
{
    /// <summary>Adds a detection per rule that matches. Never throws for a rule's or an event's sake: such faults are counted on the rule.</summary>
    void Detect(SecurityEvent e, ICollection<Detection> detections);
}
