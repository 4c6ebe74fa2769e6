namespace Beacon.Web.Console.Text;

/// <summary>Names the resource files of the frame: ShellText.resx and its translations.</summary>
public sealed class ShellText;

/// <summary>Words of levels, severities and states.</summary>
public sealed class MarkText;
