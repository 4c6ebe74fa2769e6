namespace Beacon.Storage.DuckDb;

/// <summary>
/// Small answers to questions that were asked before, as long as their day files are the same: consoles ask again and again, and days that are over do not change.
/// The least recently used go first.
/// </summary>
internal sealed class AnswerCache
{
    /// <summary>Rows of an answer that is kept.</summary>
    public const int MostRows = 2_000;

    /// <summary>Rows of all answers together; an answer counts as one more.</summary>
    public const int MostRowsTogether = 50_000;

    /// <summary>Characters of a question that is kept.</summary>
    public const int MostCharacters = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byQuestion = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _used = [];
    private int _rows;

    private sealed record Entry(string Question, string Days, object Answer, int Rows);

    /// <param name="question">The SQL.</param>
    /// <param name="days">What its day files hold now.</param>
    public bool TryGet<T>(string question, string days, out IReadOnlyList<T> answer)
    {
        answer = [];
        lock (_gate)
        {
            if (!_byQuestion.TryGetValue(question, out var node)) return false;
            if (node.Value.Days != days || node.Value.Answer is not IReadOnlyList<T> known)
            {
                Remove(node);
                return false;
            }
            _used.Remove(node);
            _used.AddFirst(node);
            answer = known;
            return true;
        }
    }

    /// <param name="days">What the day files held before the question was asked: events that came since are in no answer that is found later.</param>
    public void Keep<T>(string question, string days, IReadOnlyList<T> answer)
    {
        if (answer.Count > MostRows || question.Length > MostCharacters) return;
        lock (_gate)
        {
            if (_byQuestion.TryGetValue(question, out var before)) Remove(before);
            _byQuestion[question] = _used.AddFirst(new Entry(question, days, answer, answer.Count + 1));
            _rows += answer.Count + 1;
            while (_rows > MostRowsTogether) Remove(_used.Last!);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _byQuestion.Clear();
            _used.Clear();
            _rows = 0;
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _used.Remove(node);
        _byQuestion.Remove(node.Value.Question);
        _rows -= node.Value.Rows;
    }
}
