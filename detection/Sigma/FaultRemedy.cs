namespace Beacon.Detections.Sigma;

public enum RemedyKind
{
    /// <summary>The word is none of those that may stand there: the one that was meant takes its place.</summary>
    Replace,
    /// <summary>A new UUID takes the word's place.</summary>
    NewId,
    /// <summary>The modifier and the '|' before it go.</summary>
    Remove,
    /// <summary>A key is missing and is added; <see cref="FaultRemedy.Word"/> names it.</summary>
    Add,
}

/// <summary>What a reader knows of how a fault is mended; the text that does it is made by <see cref="Rules.Remedies.RuleRemedies"/>.</summary>
/// <param name="Word">The faulty word as it stands in the text, or the key that is missing.</param>
/// <param name="Known">What may stand there.</param>
public sealed record FaultRemedy(RemedyKind Kind, string Word, IReadOnlyList<string> Known)
{
    /// <summary>A misspelt word.</summary>
    public static FaultRemedy Replace(string word, IEnumerable<string> known) => new(RemedyKind.Replace, word, [.. known]);

    /// <summary>A key that is missing.</summary>
    public static FaultRemedy Add(string key, params IEnumerable<string> known) => new(RemedyKind.Add, key, [.. known]);
}
