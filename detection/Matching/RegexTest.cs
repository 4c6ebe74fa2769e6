using System.Text.RegularExpressions;

namespace Beacon.Detections.Matching;

/// <summary>A regular expression searched for in a value. It is built at its first use: most rules never come that far.</summary>
internal sealed class RegexTest(string pattern, RegexOptions options) : ValueTest
{
    private readonly Lazy<Regex> _regex = new(() => RegexCompiler.Compile(pattern, options));

    private readonly byte[] _must = TextFold.Fold(RegexLiterals.Longest(pattern));

    public override Needle? Needle => _must.Length >= 3 ? new Needle(_must, AtStart: false, AtEnd: false) : null;

    public override int Effort => 60;

    public override bool Test(EventView view, int entry)
    {
        // Looking for what must be there costs a hundredth of running the expression.
        if (_must.Length > 0 && view.Folded(entry).IndexOf(_must) < 0) return false;
        try
        {
            return _regex.Value.IsMatch(view.Characters(entry));
        }
        catch (RegexMatchTimeoutException)
        {
            view.Faulted = true;
            return view.FaultAnswer;
        }
    }

    public override (int Start, int Length) Locate(string value)
    {
        try
        {
            var match = _regex.Value.Match(value);
            return match.Success ? (match.Index, match.Length) : (0, 0);
        }
        catch (RegexMatchTimeoutException)
        {
            return (0, 0);
        }
    }
}
