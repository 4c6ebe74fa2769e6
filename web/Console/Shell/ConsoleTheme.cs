using MudBlazor;

namespace Beacon.Web.Console.Shell;

/// <summary>MudBlazor's palette from css/tokens.css: the same colours under its names, so that its controls look like ours.</summary>
internal static class ConsoleTheme
{
    public static MudTheme Theme { get; } = new()
    {
        PaletteDark = new PaletteDark
        {
            Background = "#16181b", BackgroundGray = "#121417", Surface = "#1c1f23", DrawerBackground = "#1c1f23", DrawerText = "#b3b9c0", DrawerIcon = "#b3b9c0",
            AppbarBackground = "#1c1f23", AppbarText = "#e6e8ea", TextPrimary = "#e6e8ea", TextSecondary = "#b3b9c0", TextDisabled = "#9098a0",
            Primary = "#58c4b6", PrimaryContrastText = "#06201d", Secondary = "#58c4b6", Tertiary = "#58c4b6", ActionDefault = "#b3b9c0", ActionDisabled = "#9098a0",
            LinesDefault = "#2c3137", LinesInputs = "#757d86", Divider = "#2c3137", TableLines = "#2c3137", TableHover = "#272b31",
            Error = "#d5353c", ErrorContrastText = "#ffffff", Warning = "#f0842c", WarningContrastText = "#1d0f01", Info = "#5f9dfb", InfoContrastText = "#04132c",
            Success = "#86c79a", SuccessContrastText = "#16181b", Dark = "#23272c", OverlayDark = "rgba(22,24,27,.6)",
        },
        PaletteLight = new PaletteLight
        {
            Background = "#eef0f2", BackgroundGray = "#eaedf0", Surface = "#ffffff", DrawerBackground = "#ffffff", DrawerText = "#444c55", DrawerIcon = "#444c55",
            AppbarBackground = "#ffffff", AppbarText = "#1a1d21", TextPrimary = "#1a1d21", TextSecondary = "#444c55", TextDisabled = "#5d6670",
            Primary = "#0b7268", PrimaryContrastText = "#ffffff", Secondary = "#0b7268", Tertiary = "#0b7268", ActionDefault = "#444c55", ActionDisabled = "#5d6670",
            LinesDefault = "#dce0e4", LinesInputs = "#78818a", Divider = "#dce0e4", TableLines = "#dce0e4", TableHover = "#f0f2f4",
            Error = "#c8242c", ErrorContrastText = "#ffffff", Warning = "#e3731b", WarningContrastText = "#1d0f01", Info = "#2c6ad8", InfoContrastText = "#ffffff",
            Success = "#1f6b38", SuccessContrastText = "#eef0f2", Dark = "#f6f7f8", OverlayDark = "rgba(238,240,242,.6)",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "4px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["Inter", "Segoe UI", "system-ui", "Roboto", "Noto Sans", "Noto Sans CJK SC", "sans-serif"], FontSize = "13px", LineHeight = "18px" },
        },
    };
}
