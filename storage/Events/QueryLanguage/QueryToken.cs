namespace Beacon.Events.QueryLanguage;

internal enum QueryTokenKind
{
    Open,
    Close,
    And,
    Or,
    Not,
    Minus,
    /// <summary>A field's name, its ':' taken.</summary>
    Field,
    /// <summary>A word; its wildcards count.</summary>
    Word,
    /// <summary>A quoted text; nothing in it is special.</summary>
    Quoted,
    /// <summary>"[a TO b]".</summary>
    Range,
    /// <summary>"&gt;", "&gt;=", "&lt;" or "&lt;=" behind a field.</summary>
    Comparison,
    End,
}

internal readonly record struct QueryToken(QueryTokenKind Kind, string Text, int Position, int Length, string Second = "");
