using Beacon.Alerting.Incidents;
using Beacon.Events;
using Beacon.Web.Console.Pages.Incidents;

namespace Beacon.Web.Tests.Console;

/// <summary>Two people change one incident at once: nothing that either typed is lost.</summary>
public sealed class IncidentDraftTests
{
    private static readonly IncidentSummary Seen = new()
    {
        Id = 7, Number = "INC-2026-0007", Version = 3, Title = "Logins on bas-01", Severity = Severity.High, Status = IncidentStatus.Detect, StartedAt = default, OpenedAt = default, UpdatedAt = default,
        AlertCount = 1, EntityCount = 1, TasksOpen = 0, TasksDone = 0,
    };

    [Fact]
    public void Edit_OneFieldChanged_LeavesTheOthersAlone()
    {
        var draft = new IncidentDraft(Seen) { [IncidentField.Owner] = " wei " };

        Assert.Equal(new IncidentEdit { Owner = "wei" }, draft.Edit());
        Assert.True(draft.Ready);
    }

    [Fact]
    public void Follow_AnotherFieldChanged_IsTakenWithoutAQuestion()
    {
        var draft = new IncidentDraft(Seen) { [IncidentField.Title] = "Root on bas-01" };
        draft.Follow(Seen with { Version = 4, Owner = "ingrid" });

        Assert.Empty(draft.Conflicts);
        Assert.Equal("ingrid", draft[IncidentField.Owner]);
        Assert.Equal("Root on bas-01", draft[IncidentField.Title]);
        Assert.Equal(new IncidentEdit { Title = "Root on bas-01" }, draft.Edit());
        Assert.Equal(4, draft.Version);
    }

    [Fact]
    public void Follow_SameFieldChanged_KeepsBothUntilThePersonDecides()
    {
        var draft = new IncidentDraft(Seen) { [IncidentField.Owner] = "wei" };
        draft.Follow(Seen with { Version = 4, Owner = "ingrid" });

        Assert.Equal([new FieldConflict(IncidentField.Owner, "ingrid", "wei")], draft.Conflicts);
        Assert.False(draft.Ready);
        // Still there after yet another change of somebody else's.
        draft.Follow(Seen with { Version = 5, Owner = "ingrid", Title = "Other" });
        Assert.Equal("wei", draft[IncidentField.Owner]);

        draft.Keep(IncidentField.Owner);
        Assert.Empty(draft.Conflicts);
        Assert.Equal(new IncidentEdit { Owner = "wei" }, draft.Edit());
        Assert.True(draft.Ready);
    }

    [Fact]
    public void Take_Conflict_LeavesTheOtherValue()
    {
        var draft = new IncidentDraft(Seen) { [IncidentField.Owner] = "wei" };
        draft.Follow(Seen with { Version = 4, Owner = "ingrid" });
        draft.Take(IncidentField.Owner);

        Assert.Empty(draft.Conflicts);
        Assert.Empty(draft.Changed);
        Assert.False(draft.Ready);
    }

    [Fact]
    public void Follow_BothWantTheSame_IsNoConflict()
    {
        var draft = new IncidentDraft(Seen) { [IncidentField.Owner] = "wei" };
        draft.Follow(Seen with { Version = 4, Owner = "wei" });

        Assert.Empty(draft.Conflicts);
        Assert.Empty(draft.Changed);
    }

    [Fact]
    public void Follow_OlderVersion_ChangesNothing()
    {
        var draft = new IncidentDraft(Seen);
        draft.Follow(Seen with { Version = 2, Title = "Earlier" });
        Assert.Equal((3, "Logins on bas-01"), (draft.Version, draft[IncidentField.Title]));
    }

    [Theory]
    [InlineData(IncidentField.Severity, "Low", true)]
    [InlineData(IncidentField.Status, "Closed", true)]
    [InlineData(IncidentField.Status, "Respond", false)]
    [InlineData(IncidentField.Owner, "wei", false)]
    public void Ready_SeverityAndClosing_WantAReason(IncidentField field, string value, bool wanted)
    {
        var draft = new IncidentDraft(Seen) { [field] = value };
        Assert.Equal(wanted, draft.ReasonWanted);
        Assert.Equal(!wanted, draft.Ready);
        draft.Reason = "looked at it";
        Assert.True(draft.Ready);
    }

    [Fact]
    public void Ready_EmptyTitle_IsNot() => Assert.False(new IncidentDraft(Seen) { [IncidentField.Title] = "  " }.Ready);
}
