using System.Globalization;

namespace Beacon.Web.Console.Text;

/// <summary>
/// How many of something. In a text "{0}" is the number and "{0:alert|alerts}" the word that goes with it: the first for one, the second for any other.
/// A language without such forms simply has none in its texts.
/// </summary>
public readonly record struct Quantity(long Value) : IFormattable
{
    /// <summary>Stands between the word for one and the word for many.</summary>
    public const char Between = '|';

    public static implicit operator string(Quantity quantity) => quantity.ToString();

    public override string ToString() => ToString(null, CultureInfo.CurrentCulture);

    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        if (string.IsNullOrEmpty(format)) return Value.ToString("N0", formatProvider);
        var between = format.IndexOf(Between, StringComparison.Ordinal);
        return between < 0 ? Value.ToString(format, formatProvider) : Value == 1 ? format[..between] : format[(between + 1)..];
    }
}
