using Beacon.Web.Security;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Text;

/// <summary>A role in the viewer's language; one that no account can have stands as it is written.</summary>
internal static class RoleWord
{
    public static string Of(string role, IStringLocalizer<ShellText> Shell) => UserDirectory.KnownRoles.Contains(role) ? Shell["Role" + role] : role;
}
