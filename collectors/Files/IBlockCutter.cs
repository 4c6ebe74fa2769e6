namespace Beacon.Collectors.Files;

/// <summary>Cuts one log into blocks.</summary>
internal interface IBlockCutter
{
    /// <summary>Fills the block with what comes next; false at the end.</summary>
    bool Next(EventBlock block);
}
