using Beacon.Detections.Sigma;

namespace Beacon.Detections.Matching;

/// <summary>A value against those of another field of the same event.</summary>
internal sealed class FieldReferenceTest(FieldReader other, TextPosition position, bool cased) : ValueTest
{
    public override bool Test(EventView view, int entry)
    {
        var value = cased ? view.Raw(entry) : view.Folded(entry);
        foreach (var slot in other.Slots)
        {
            for (var link = view.First(slot); link >= 0; link = view.Next(link))
            {
                var candidate = view.EntryOf(link);
                if (view.IsNull(candidate)) continue;
                var text = cased ? view.Raw(candidate) : view.Folded(candidate);
                if (position switch
                {
                    TextPosition.Start => value.StartsWith(text),
                    TextPosition.End => value.EndsWith(text),
                    TextPosition.Anywhere => value.IndexOf(text) >= 0,
                    _ => value.SequenceEqual(text),
                }) return true;
            }
        }
        return false;
    }
}
