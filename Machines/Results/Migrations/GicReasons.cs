using System.Text.RegularExpressions;

namespace Trapline.Machines.Results.Migrations;

/// <summary>Rows of a GIC that a migration leaves otherwise than they were, and that no guest can tell from what they were.</summary>
internal static partial class GicReasons
{
    /// <summary>GICR_PENDBASER.PTZ.</summary>
    private const ulong PendingTableZero = 1UL << 62;

    /// <summary>What a write of 0 to GITS_CBASER leaves: its cacheability is never 0.</summary>
    private const ulong UnwrittenQueueBase = 0x1800_0000_0000_0000;

    /// <summary>Null where a difference has no harmless reason.</summary>
    /// <param name="row">Of the board's half.</param>
    /// <param name="before">Its value at the source.</param>
    /// <param name="after">Its value at the destination.</param>
    public static string? Of(string row, ulong before, ulong after) =>
        row is "operation.read" or "operation.result" ? "what the last access read, of which its reader knows"
        : Handovers().IsMatch(row) ? "hand-overs to CPU interfaces are counted anew"
        : Cache().IsMatch(row) ? "the translation cache fills again (gicv3-its 8.3)"
        : QueueBase().IsMatch(row) && before == 0 && after == UnwrittenQueueBase ? "what was never written is sanitised when it is (gicv3-its 6.3)"
        : Property().IsMatch(row) ? "RESTORE_TABLES reads property bytes again, INV or not (gicv3-its 9.7)"
        : PendingBase().IsMatch(row) && (before ^ after) == PendingTableZero ? "PTZ reads as 0 and cannot be transferred (gicv3-its 9.8)"
        : null;

    [GeneratedRegex(@"^(spis\.(sequence|touched|over)\[\d+\]|.*lpis\.(sequence|cpu\[\d+\]\.held\[\d+\]\.sequence))$", RegexOptions.CultureInvariant)]
    private static partial Regex Handovers();

    [GeneratedRegex(@"^its\[\d+\]\.device\[\d+\]\.event\[\d+\]\.cached$", RegexOptions.CultureInvariant)]
    private static partial Regex Cache();

    [GeneratedRegex(@"^its\[\d+\]\.CBASER$", RegexOptions.CultureInvariant)]
    private static partial Regex QueueBase();

    [GeneratedRegex(@"^lpis\.lpi\[\d+\]\.property$", RegexOptions.CultureInvariant)]
    private static partial Regex Property();

    [GeneratedRegex(@"^redistributors\.PENDBASER\[\d+\]$", RegexOptions.CultureInvariant)]
    private static partial Regex PendingBase();
}
