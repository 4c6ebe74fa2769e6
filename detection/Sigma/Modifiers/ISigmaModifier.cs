namespace Beacon.Detections.Sigma.Modifiers;

/// <summary>One of Sigma's value modifiers (Sigma modifiers appendix 2.1).</summary>
internal interface ISigmaModifier
{
    /// <summary>As rules write it.</summary>
    string Name { get; }

    /// <summary>Changes the values, or reports why it may not stand here.</summary>
    void Apply(ModifierChain chain);
}
