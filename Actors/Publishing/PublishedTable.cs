namespace Trapline.Actors.Publishing;

/// <summary>VM-wide tables of which every group has a copy. Numbers are part of the wire format.</summary>
public enum PublishedTable : byte
{
    /// <summary>Physical CPU id to vCPU index.</summary>
    CpuIds = 1,

    /// <summary>By how many ticks the VM's counter is ahead of the host's: one row, the whole of Word2.</summary>
    Counter = 2,

    /// <summary>ARM: which groups of interrupts the distributor enables, GICD_CTLR bits 1:0: one row, the whole of Word2.</summary>
    GicEnables = 3,
}
