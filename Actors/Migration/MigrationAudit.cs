using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Migration;

/// <summary>The raw rows of controllers and vCPUs as the source had them when the guest had stopped, and as the destination had them before it ran on.</summary>
public sealed class MigrationAudit
{
    public const int RowLimit = 1 << 20;

    private VirtualTime _asked;

    /// <summary>Of the migration: its <see cref="MigrationResult.Asked"/>.</summary>
    public VirtualTime Asked { get => _asked; init => _asked = value; }

    /// <summary>All that were compared, equal ones too, in the order in which the devices have them.</summary>
    public List<AuditedRow> Rows { get; } = [];

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("asked", ref _asked);
        sync.List("rows", "row", Rows, RowLimit, AuditedRow.Sync);
    }
}
