using System.Globalization;
using Microsoft.Extensions.Localization;

namespace Beacon.Web.Console.Text;

internal static class MarkWords
{
    /// <summary>The word of a level or severity within a sentence: no capital in the languages that have one.</summary>
    public static string Within(this IStringLocalizer<MarkText> marks, Enum value) => marks[value.ToString()].Value.ToLower(CultureInfo.CurrentUICulture);
}
