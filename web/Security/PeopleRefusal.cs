namespace Beacon.Web.Security;

/// <summary>Why a change of accounts or keys was not made.</summary>
public enum PeopleRefusal
{
    /// <summary>It was made.</summary>
    None,
    /// <summary>Only an administrator may.</summary>
    NotAdministrator,
    /// <summary>There is no such account or key any more.</summary>
    Gone,
    /// <summary>Another account has the name.</summary>
    NameTaken,
    /// <summary>1 to 64 characters without control characters.</summary>
    BadName,
    /// <summary>At least one known role, or one known scope.</summary>
    BadChoice,
    /// <summary>Without this account nobody could administer.</summary>
    LastAdministrator,
    /// <summary>One's own account.</summary>
    Yourself,
    /// <summary>1 to 3,650 days.</summary>
    BadLifetime,
    /// <summary>The ceiling of accounts or keys is reached.</summary>
    TooMany,
}
