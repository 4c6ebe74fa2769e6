namespace Beacon.Web.Security;

/// <summary>Why a change of accounts was refused, for programs and the command line: what is wrong, and which values would do.</summary>
internal static class PeopleWords
{
    public static string Of(PeopleRefusal refusal) => refusal switch
    {
        PeopleRefusal.NotAdministrator => "only an administrator may",
        PeopleRefusal.Gone => "there is no such account, or it is locked",
        PeopleRefusal.NameTaken => "another account has this name",
        PeopleRefusal.BadName => $"a name has 1 to {UserDirectory.MaxNameLength} characters, none of them a control character",
        PeopleRefusal.BadChoice => $"at least one role is wanted, of {string.Join(", ", UserDirectory.KnownRoles)}",
        PeopleRefusal.LastAdministrator => "this is the last administrator who can sign in: make another one first",
        PeopleRefusal.Yourself => "nobody locks their own account: another administrator does",
        PeopleRefusal.BadLifetime => $"a lifetime is 1 to {PeopleDesk.MaxDays} days",
        PeopleRefusal.TooMany => $"there are at most {UserDirectory.MaxUsers} accounts",
        _ => "",
    };
}
