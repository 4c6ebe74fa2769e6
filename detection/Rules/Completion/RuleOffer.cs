namespace Beacon.Detections.Rules.Completion;

/// <summary>A word that fits where the caret stands.</summary>
/// <param name="Insert">What takes the place of the word that is being written.</param>
/// <param name="What">What it stands for, or empty.</param>
public sealed record RuleOffer(string Text, string Insert, string What);

/// <param name="Start">Where the word begins.</param>
/// <param name="Length">How much of the text it takes the place of.</param>
public sealed record RuleOffers(int Start, int Length, IReadOnlyList<RuleOffer> Offers)
{
    /// <summary>The text with the offer in it, and where the caret then stands.</summary>
    public (string Text, int Caret) Take(string text, RuleOffer offer) => (string.Concat(text.AsSpan(0, Start), offer.Insert, text.AsSpan(Math.Min(text.Length, Start + Length))), Start + offer.Insert.Length);
}
