namespace Beacon.Detections.Sigma.Pipelines.Reading;

/// <summary>Ceilings on what a pipeline file may ask for.</summary>
internal static class PipelineLimits
{
    /// <summary>Files read in one go.</summary>
    public const int Files = 500;

    /// <summary>Transformations of one file, nested ones among them.</summary>
    public const int Items = 5_000;

    /// <summary>Nested 'nest'.</summary>
    public const int Depth = 8;

    /// <summary>Conditions of one kind of one transformation.</summary>
    public const int Conditions = 500;

    /// <summary>Entries of one mapping, values of one variable, names of one list.</summary>
    public const int Entries = 10_000;

    /// <summary>Names that one field of a rule may grow to.</summary>
    public const int FieldNames = 32;

    /// <summary>Values that a rule may grow to; one item's ceiling is that of modifiers.</summary>
    public const int Values = 100_000;

    /// <summary>Alternatives of one log source.</summary>
    public const int Alternatives = 64;

    /// <summary>Words of a condition expression, and how deep its brackets may stand.</summary>
    public const int ExpressionWords = 1_000, ExpressionDepth = 32;
}
