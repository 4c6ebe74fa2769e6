using System.Diagnostics;

namespace Beacon.EndToEnd.Tests.Support;

/// <summary>Waits for what is to come, and fails with words where it does not.</summary>
internal static class Wait
{
    /// <summary>A ceiling, not an expectation: a loaded machine may take long.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public static Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? most = null) => ForAsync(async () => await holds() ? "" : null, what, most);

    /// <summary>The first answer that is not null.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? most = null) where T : class
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < (most ?? Most))
        {
            if (await ask() is { } answer) return answer;
            await Task.Delay(Between, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"{what} did not come within {(most ?? Most).TotalSeconds:0} s.");
    }
}
