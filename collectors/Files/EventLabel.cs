namespace Beacon.Collectors.Files;

/// <summary>Names an event within its file: the EventRecordID of an event log, else the number of the line or object, from 1.</summary>
/// <param name="Repetition">1, or 2, 3, … where the file holds the number again.</param>
public readonly record struct EventLabel(long Number, int Repetition)
{
    /// <summary>"1234", "1234~2".</summary>
    public override string ToString() => Repetition > 1
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number}~{Repetition}")
        : Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
