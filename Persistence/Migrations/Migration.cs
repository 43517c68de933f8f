namespace Trapline.Persistence.Migrations;

/// <summary>One step of a database's schema, forward only.</summary>
/// <param name="Version">That the schema has after it; from 1, without gaps.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Version, string Sql);
