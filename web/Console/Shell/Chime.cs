using Microsoft.JSInterop;

namespace Beacon.Web.Console.Shell;

/// <summary>The sound of a graver warning.</summary>
public static class Chime
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);

    /// <summary>Plays it. A browser that does not answer is not waited for: what changes next must not stand behind a sound.</summary>
    public static async Task PlayAsync(IJSRuntime js)
    {
        try
        {
            await js.InvokeVoidAsync("beacon.chime", Most);
        }
        catch (Exception fault) when (fault is OperationCanceledException or JSException or JSDisconnectedException)
        {
            // No sound, then.
        }
    }
}
