using System.Data.Common;

namespace Trapline.Persistence.Sql;

/// <summary>A connection and the transaction that is open on it.</summary>
internal readonly record struct SqlChange(DbConnection Connection, DbTransaction Transaction);
