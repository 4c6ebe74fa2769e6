using Beacon.Events;

namespace Beacon.Web.Demo;

/// <summary>What the demonstration protects: a small water utility.</summary>
internal static class DemoAssets
{
    public static IReadOnlyList<Asset> All { get; } =
    [
        new("bas-01", "bas-01", ["bas-01", "10.20.0.5"], AssetImportance.Important, "Network team", "Lakeshore Water", "water", "dmz", "Every engineer reaches the plant through this bastion."),
        new("adm-ws-02", "ADM-WS-02", ["ADM-WS-02", "10.20.4.22"], AssetImportance.General, "Office IT", "Lakeshore Water", "water", "office", "An administrator's workstation."),
        new("hist-01", "HIST-01", ["HIST-01", "10.30.1.9"], AssetImportance.Important, "Process data team", "Lakeshore Water", "water", "ot-dmz", "Keeps the plant's process history."),
        new("eng-ws-03", "ENG-WS-03", ["ENG-WS-03", "10.30.1.13"], AssetImportance.Important, "Process engineering", "Lakeshore Water", "water", "ot-control", "Programs the pump stations' controllers."),
        new("plc-ps3-01", "PLC-PS3-01", ["PLC-PS3-01", "10.30.3.11"], AssetImportance.EspeciallyImportant, "Pump station 3", "Lakeshore Water", "water", "ot-cell-3", "Controls pump station 3, from which 118,000 people drink. Above 78 m of pressure the main to the eastern zone can burst."),
        new("hmi-ps3", "HMI-PS3", ["HMI-PS3", "10.30.3.20"], AssetImportance.Important, "Pump station 3", "Lakeshore Water", "water", "ot-cell-3", "The operator's screen of pump station 3."),
    ];
}
