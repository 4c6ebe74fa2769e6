using System.Text.RegularExpressions;

namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>A pipeline's regular expression. Each use has a time limit, and after some that hit it no further use is tried: a pipeline sees thousands of rules.</summary>
internal sealed class BoundedRegex(Regex regex)
{
    public const int MaxTimeouts = 3;

    private int _timeouts;

    /// <summary>A match that begins where the text does, as Python's re.match finds it.</summary>
    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public bool MatchesAtStart(string text) => Run(() => regex.Match(text) is { Success: true, Index: 0 });

    /// <exception cref="RegexMatchTimeoutException">It took too long.</exception>
    public string Replace(string text, string replacement) => Run(() => regex.Replace(text, replacement));

    private T Run<T>(Func<T> use)
    {
        if (Volatile.Read(ref _timeouts) >= MaxTimeouts) throw new RegexMatchTimeoutException();
        try
        {
            return use();
        }
        catch (RegexMatchTimeoutException)
        {
            Interlocked.Increment(ref _timeouts);
            throw;
        }
    }
}
