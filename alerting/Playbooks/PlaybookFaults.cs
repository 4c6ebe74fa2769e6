using System.Text.Json;
using Beacon.Events;

namespace Beacon.Alerting.Playbooks;

/// <summary>Collects the faults of one document, at most <see cref="Most"/>.</summary>
internal sealed class PlaybookFaults
{
    public const int Most = 500;

    private const int MostText = 500;

    // Faults of the document.
    public const string Unreadable = "CACAO-100";
    public const string Property = "CACAO-101";
    public const string Identifier = "CACAO-102";
    public const string Dangling = "CACAO-110";
    public const string Loop = "CACAO-111";
    public const string Unreachable = "CACAO-112";
    public const string StepType = "CACAO-113";
    public const string Shared = "CACAO-114";
    public const string Exits = "CACAO-115";
    public const string Variable = "CACAO-120";
    public const string Condition = "CACAO-123";
    public const string Undefined = "CACAO-124";
    public const string Duplicate = "CACAO-125";

    // What is valid, and not run here.
    public const string CommandNotRun = "CACAO-202";
    public const string MixedCommands = "CACAO-203";
    public const string AuthenticationNotRun = "CACAO-204";
    public const string HttpCommand = "CACAO-206";
    public const string Validity = "CACAO-207";
    public const string ShellCommand = "CACAO-208";
    public const string TargetNotRun = "CACAO-209";
    public const string OpenC2Command = "CACAO-210";
    public const string HuntCommand = "CACAO-211";
    public const string NotFilledIn = "CACAO-212";

    // What is only told.
    public const string Unverified = "CACAO-301";
    public const string SecretInDocument = "CACAO-302";

    private readonly List<PlaybookFault> _faults = [];

    public IReadOnlyList<PlaybookFault> All => _faults;

    /// <summary>True where something keeps it from being run; what is only told does not.</summary>
    public bool Any => _faults.Any(f => f.Grade != FaultGrade.Told);

    public void Add(string code, string path, Phrase message)
    {
        if (_faults.Count < Most) _faults.Add(new PlaybookFault(code, path, message.ToString() is { Length: > MostText } text ? Phrase.Plain(Text.Cut(text, MostText)) : message));
    }

    /// <summary>"$.workflow.action--…": names other than letters, digits, '_' and '-' stand in brackets.</summary>
    public static string Path(string parent, string name) =>
        name.Length is > 0 and <= 300 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? $"{parent}.{name}" : $"{parent}['{JsonEncodedText.Encode(Text.Cut(name, 300))}']";
}
