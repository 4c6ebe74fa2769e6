using Beacon.State;

namespace Beacon.Storage.Tests.State;

public sealed class StateOptionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void ConnectionString_NothingSet_IsNone() => Assert.Null(new StateOptions().ConnectionString());

    [Fact]
    public void ConnectionString_FromAFile_IsItsTextTrimmed()
    {
        File.WriteAllText(_file, "Host=db;Password=x\n");
        Assert.Equal("Host=db;Password=x", new StateOptions { PostgresFile = _file }.ConnectionString());
    }

    [Fact]
    public void ConnectionString_BothSetOrFileBad_IsRefusedWithTheKey()
    {
        File.WriteAllText(_file, "\n");
        Assert.Contains("both set", Fault(new StateOptions { Postgres = "Host=a", PostgresFile = _file }), StringComparison.Ordinal);
        Assert.StartsWith("State:PostgresFile", Fault(new StateOptions { PostgresFile = _file }), StringComparison.Ordinal);
        Assert.StartsWith("State:PostgresFile", Fault(new StateOptions { PostgresFile = _file + ".none" }), StringComparison.Ordinal);
    }

    private static string Fault(StateOptions options) => Assert.Throws<InvalidDataException>(options.ConnectionString).Message;

    public void Dispose() => File.Delete(_file);
}
