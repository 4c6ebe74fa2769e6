using System.Data.Common;

namespace Beacon.Detections;

/// <summary>The PostgreSQL that several processes share: given, the scheduler keeps its jobs there and shares them.</summary>
/// <param name="Factory">Makes connections to it.</param>
/// <param name="ConnectionString">Of the same database as the state.</param>
/// <param name="Clock">Agrees with the database's: the processes' own clocks may be minutes apart.</param>
public sealed record ClusterStore(DbProviderFactory Factory, string ConnectionString, TimeProvider Clock);
