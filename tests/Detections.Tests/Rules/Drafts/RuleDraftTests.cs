using Beacon.Detections.Matching;
using Beacon.Detections.Rules.Drafts;
using Beacon.Detections.Sigma;
using Beacon.Events;
using Beacon.Events.QueryLanguage;
using CsCheck;

namespace Beacon.Detections.Tests.Rules.Drafts;

public sealed class RuleDraftTests
{
    private static readonly Guid Id = new("6f8d2f0a-3d5b-4c7e-9a10-2b7c5d1e8f00");
    private static readonly DraftSource Linux = DraftSource.Find("linux")!;

    public static TheoryData<string> Sources => [.. DraftSource.All.Select(s => s.Id)];

    [Theory, MemberData(nameof(Sources))]
    public void Of_EachLogSource_MakesARuleThatSees(string source)
    {
        var rule = Assert.Single(Read(RuleDraft.Of("user.name:root", "T", DraftSource.Find(source)!, Id).Yaml!));
        Assert.Null(RuleSet.BlindReasonOf(rule));
    }

    [Fact]
    public void Of_Query_ReadsAsAPersonWouldWriteIt()
    {
        var yaml = RuleDraft.Of("event.action:(ssh_login OR \"it's\") source.port:>=1024 NOT source.ip:10.0.0.0/8 process.executable:*\\cmd.exe", "Login from outside", Linux, Id).Yaml!;
        Assert.Contains("""
            detection:
                selection:
                    'event.action':
                        - 'ssh_login'
                        - 'it''s'
                selection_2:
                    'source.ip|cidr': '10.0.0.0/8'
                selection_3:
                    'source.port|gte': 1024
                    'process.executable': '*\\cmd.exe'
                condition: selection_3 and selection and not selection_2
            """.ReplaceLineEndings("\n"), yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user.name:root", "user.name=ROOT", true)]
    [InlineData("user.name:root", "user.name=rooted", false)]
    [InlineData("user.name:ro*", "user.name=rooted", true)]
    [InlineData("user.name:\"ro*\"", "user.name=rooted", false)]
    [InlineData("user.name:\"ro*\"", "user.name=ro*", true)]
    [InlineData("file.path:\"C:\\x\\*\"", "file.path=C:\\x\\*", true)]
    [InlineData("file.path:\"C:\\x\\*\"", "file.path=C:\\x\\y", false)]
    [InlineData("file.path:C:\\\\a\\b", "file.path=C:\\\\a\\b", true)]
    [InlineData("source.ip:203.0.113.0/24", "source.ip=203.0.113.9", true)]
    [InlineData("source.ip:203.0.113.0/24", "source.ip=203.0.114.9", false)]
    [InlineData("source.port:[10 TO 20]", "source.port=15", true)]
    [InlineData("source.port:[10 TO 20]", "source.port=21", false)]
    [InlineData("user.name:*", "user.name=x", true)]
    [InlineData("user.name:*", "host.name=x", false)]
    [InlineData("\"wrong password\"", "message=a Wrong Password b", true)]
    [InlineData("\"wrong password\"", "message=wrong", false)]
    [InlineData("(user.name:a OR host.name:b) -event.code:7", "host.name=b", true)]
    [InlineData("(user.name:a OR host.name:b) -event.code:7", "host.name=b;event.code=7", false)]
    [InlineData("user.name:a user.name:b", "user.name=a", false)]
    [InlineData("NOT (user.name:a OR \"x y\")", "user.name=b", true)]
    [InlineData("NOT (user.name:a OR \"x y\")", "message=x y", false)]
    public void Of_Query_MatchesWhatTheSearchFinds(string query, string fields, bool matches)
    {
        var set = RuleSet.Compile(Read(RuleDraft.Of(query, "T", Linux, Id).Yaml!));
        var e = new SecurityEvent();
        e.Add("event.module", "sshd");
        foreach (var field in fields.Split(';')) e.Add(field[..field.IndexOf('=', StringComparison.Ordinal)], field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        var found = new List<CompiledRule>();
        set.Match(e, found);
        Assert.Equal(matches, found.Count > 0);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("user.name:(", 11)]
    [InlineData("a:1 @timestamp:>2026", 4)]
    [InlineData("a:1 OR (b:2 event.id:x)", 12)]
    [InlineData("a:1 b:>=high", 4)]
    [InlineData("a:[x TO 9]", 0)]
    [InlineData("a:1 \"x\u0007y\"", 4)]
    [InlineData("a:1 \"b|contains\":x", 4)]
    public void Of_WhatSigmaCanNotSay_IsRefusedAtItsPlace(string query, int position)
    {
        var draft = RuleDraft.Of(query, "T", Linux, Id);
        Assert.Null(draft.Yaml);
        Assert.Equal(position, draft.Fault!.Position);
        Assert.NotEmpty(draft.Fault.Message.ToString());
    }

    [Fact]
    public void Of_FieldWithANameThatNoRuleMayHave_IsRefusedAtItsPlace()
    {
        var draft = RuleDraft.Of($"a:1 {new string('n', 129)}:x", "T", Linux, Id);
        Assert.Equal(4, draft.Fault!.Position);
        Assert.NotNull(RuleDraft.Of($"{new string('n', 128)}:x", "T", Linux, Id).Yaml);
    }

    [Fact]
    public void Of_AnyQueryAndTitle_IsARuleOrAFaultWithinTheQuery()
    {
        var piece = Gen.OneOf(Gen.Const("user.name:"), Gen.Const("a:("), Gen.Const(" OR "), Gen.Const(" NOT "), Gen.Const("\""), Gen.Const(")"), Gen.Const("*"), Gen.Const("\\"), Gen.Const("'"), Gen.Const(": "), Gen.Const("#"), Gen.Const(">=9"), Gen.String[Gen.Char, 0, 6], Gen.String.AlphaNumeric);
        Gen.Select(piece.Array[1, 8], Gen.String).Sample((pieces, title) =>
        {
            var query = string.Concat(pieces);
            var draft = RuleDraft.Of(query, title, Linux, Id);
            if (draft.Fault is { } fault) Assert.InRange(fault.Position, 0, query.Length);
            else Read(draft.Yaml!);
        }, iter: 3_000);
    }

    private static IReadOnlyList<SigmaRule> Read(string yaml)
    {
        var read = SigmaReader.Read("draft.yml", yaml);
        Assert.True(!read.Faults.Any(f => f.Severity == FaultSeverity.Error), string.Join("; ", read.Faults.Select(f => $"{f.Line}: {f.Message}")) + "\n" + yaml);
        return [.. read.Rules];
    }
}
