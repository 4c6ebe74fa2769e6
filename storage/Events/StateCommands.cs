using System.Data.Common;

namespace Beacon.Events;

/// <summary>Short forms for the SQL that rooms write by hand. Parameters are named @p0, @p1, … in the order given.</summary>
public static class StateCommands
{
    /// <summary>Whether statements may use SQLite's own words. Told by its name: rooms that ask know neither driver.</summary>
    public static bool IsSqlite(this DbConnection connection) => connection.GetType().Name == "SqliteConnection";

    public static int Execute(this DbTransaction transaction, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(transaction.Connection!, transaction, sql, values);
        return command.ExecuteNonQuery();
    }

    public static T? Scalar<T>(this DbTransaction transaction, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(transaction.Connection!, transaction, sql, values);
        return Convert<T>(command.ExecuteScalar());
    }

    public static T? Scalar<T>(this DbConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(connection, null, sql, values);
        return Convert<T>(command.ExecuteScalar());
    }

    public static List<T> Query<T>(this DbConnection connection, string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var command = Command(connection, null, sql, values);
        return ReadAll(command, map);
    }

    public static List<T> Query<T>(this DbTransaction transaction, string sql, Func<DbDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var command = Command(transaction.Connection!, transaction, sql, values);
        return ReadAll(command, map);
    }

    private static List<T> ReadAll<T>(DbCommand command, Func<DbDataReader, T> map)
    {
        var rows = new List<T>();
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    private static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql, ReadOnlySpan<object?> values)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Callers pass constants; values travel as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@p" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            // Instants are kept as UTC microseconds since 1970: both databases sort and compare them as integers.
            parameter.Value = values[i] switch
            {
                null => DBNull.Value,
                DateTimeOffset time => StateTime.ToMicroseconds(time),
                bool flag => flag ? 1 : 0,
                string text => StateText.Storable(text),
                Enum constant => System.Convert.ToInt32(constant, System.Globalization.CultureInfo.InvariantCulture),
                var other => other,
            };
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static T? Convert<T>(object? value)
    {
        if (value is null or DBNull) return default;
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return (T)System.Convert.ChangeType(value, type, System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>Instants in the state database: UTC microseconds since 1970.</summary>
public static class StateTime
{
    public static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.UtcTicks + microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    public static DateTimeOffset Instant(this DbDataReader row, int column) => FromMicroseconds(row.GetInt64(column));
    public static DateTimeOffset? InstantOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Instant(column);
    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
