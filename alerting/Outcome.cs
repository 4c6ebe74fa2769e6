using System.Diagnostics.CodeAnalysis;
using Beacon.Events;

namespace Beacon.Alerting;

/// <summary>Why something a person asked for was not done.</summary>
public enum RefusalKind
{
    NotFound,
    /// <summary>Somebody changed it since it was read: read again.</summary>
    Conflict,
    /// <summary>What was asked makes no sense in this state or is badly formed.</summary>
    Invalid,
    /// <summary>The person may not, or a second person is wanted.</summary>
    Forbidden,
    /// <summary>A ceiling of size is passed.</summary>
    TooLarge,
    /// <summary>There is no room on the disk: nothing was kept.</summary>
    NoRoom,
}

/// <param name="Message">A sentence for the person who asked.</param>
public sealed record Refusal(RefusalKind Kind, Phrase Message)
{
    /// <summary>Each reason by itself, where there are several; <see cref="Message"/> says them all.</summary>
    public IReadOnlyList<Phrase> Each { get; init; } = [Message];

    /// <summary>Several faults of what was asked, told at once.</summary>
    public static Refusal Of(IReadOnlyList<Phrase> faults) => new(RefusalKind.Invalid, Phrase.Join("; ", faults)) { Each = faults };
}

/// <summary>What came of an operation: its result, or the reason for which nothing was changed.</summary>
public readonly record struct Outcome<T>(T? Value, Refusal? Refusal) where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Done => Refusal is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);
    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);
}
