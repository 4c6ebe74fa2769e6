namespace Beacon.State;

/// <summary>Where the state database is, under "State".</summary>
public sealed class StateOptions
{
    public const string Section = "State";

    /// <summary>Connection string of a PostgreSQL database (Npgsql's keywords: Host, Port, Database, Username, Password, SSL Mode, …). Default: none, the state is a file in the data folder.</summary>
    public string Postgres { get; set; } = "";

    /// <summary>File whose text is that connection string, for those who keep secrets in files. Default: none. Not both.</summary>
    public string PostgresFile { get; set; } = "";

    /// <summary>The connection string, or null where the state is a file.</summary>
    /// <exception cref="InvalidDataException">Both are set, or the file can't be read or is empty.</exception>
    public string? ConnectionString()
    {
        if (PostgresFile.Length == 0) return Postgres.Length == 0 ? null : Postgres;
        if (Postgres.Length > 0) throw new InvalidDataException("State:Postgres and State:PostgresFile are both set: keep one");
        try
        {
            var text = File.ReadAllText(PostgresFile).Trim();
            return text.Length > 0 ? text : throw new InvalidDataException($"State:PostgresFile: {PostgresFile} is empty");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"State:PostgresFile: {fault.Message}", fault);
        }
    }
}
