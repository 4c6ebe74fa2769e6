using System.Data.Common;

namespace Beacon.Events;

/// <summary>Matches events as they pass. Safe to call from several threads.</summary>
public interface IStreamDetector
{
    /// <summary>Adds a detection per rule that matches. Never throws for a rule's or an event's sake: such faults are counted on the rule.</summary>
    void Detect(SecurityEvent e, ICollection<Detection> detections);

    /// <summary>Adds the detections that time alone decides. By default there are none.</summary>
    /// <param name="clock">Every event received before it was given to <see cref="Detect"/>.</param>
    void Advance(DateTimeOffset clock, ICollection<Detection> detections) { }

    /// <summary>
    /// What a restart must find of the calls since the last time, or null: it is to be run in the transaction that keeps their
    /// detections and the checkpoint, in the order of the calls, and again where that transaction failed. By default nothing is remembered.
    /// </summary>
    Action<DbTransaction>? TakeChanges() => null;
}
