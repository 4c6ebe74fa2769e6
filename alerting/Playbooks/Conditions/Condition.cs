namespace Beacon.Alerting.Playbooks.Conditions;

/// <summary>A parsed condition: STIX 2.1 patterning (section 9) over playbook variables.</summary>
internal abstract record Condition
{
    /// <param name="variable">Value by name; null counts as "".</param>
    /// <param name="typeOf">Declared CACAO type by name; without one two numbers compare as numbers and all else as text.</param>
    public abstract bool Holds(Func<string, string?> variable, Func<string, string?>? typeOf = null);

    public abstract IEnumerable<Comparison> Comparisons { get; }

    /// <summary>Names of the variables it reads.</summary>
    public IEnumerable<string> Variables => Comparisons.Select(c => c.Variable);
}

internal sealed record AllOf(Condition Left, Condition Right) : Condition
{
    public override bool Holds(Func<string, string?> variable, Func<string, string?>? typeOf = null) => Left.Holds(variable, typeOf) && Right.Holds(variable, typeOf);
    public override IEnumerable<Comparison> Comparisons => Left.Comparisons.Concat(Right.Comparisons);
}

internal sealed record AnyOf(Condition Left, Condition Right) : Condition
{
    public override bool Holds(Func<string, string?> variable, Func<string, string?>? typeOf = null) => Left.Holds(variable, typeOf) || Right.Holds(variable, typeOf);
    public override IEnumerable<Comparison> Comparisons => Left.Comparisons.Concat(Right.Comparisons);
}

internal sealed record NotOf(Condition Inner) : Condition
{
    public override bool Holds(Func<string, string?> variable, Func<string, string?>? typeOf = null) => !Inner.Holds(variable, typeOf);
    public override IEnumerable<Comparison> Comparisons => Inner.Comparisons;
}
