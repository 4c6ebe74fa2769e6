using System.Collections.Immutable;

namespace Beacon.Detections.Sigma.Pipelines.Conditions;

/// <summary>Conditions of one kind, linked by and, or, not.</summary>
internal abstract record TestTree<TTest>
{
    public abstract bool Holds(Func<TTest, bool> test);

    public abstract IEnumerable<TTest> Tests { get; }
}

internal sealed record TestLeaf<TTest>(TTest Test) : TestTree<TTest>
{
    public override bool Holds(Func<TTest, bool> test) => test(Test);
    public override IEnumerable<TTest> Tests => [Test];
}

internal sealed record TestNot<TTest>(TestTree<TTest> Part) : TestTree<TTest>
{
    public override bool Holds(Func<TTest, bool> test) => !Part.Holds(test);
    public override IEnumerable<TTest> Tests => Part.Tests;
}

internal sealed record TestAll<TTest>(ImmutableArray<TestTree<TTest>> Parts) : TestTree<TTest>
{
    public override bool Holds(Func<TTest, bool> test) => Parts.All(p => p.Holds(test));
    public override IEnumerable<TTest> Tests => Parts.SelectMany(static p => p.Tests);
}

internal sealed record TestAny<TTest>(ImmutableArray<TestTree<TTest>> Parts) : TestTree<TTest>
{
    public override bool Holds(Func<TTest, bool> test) => Parts.Any(p => p.Holds(test));
    public override IEnumerable<TTest> Tests => Parts.SelectMany(static p => p.Tests);
}
