namespace Trapline.Actors.Publishing;

/// <summary>VM-wide tables of which every group has a copy. Numbers are part of the wire format.</summary>
public enum PublishedTable : byte
{
    /// <summary>Physical CPU id to vCPU index.</summary>
    CpuIds = 1,

    /// <summary>By how many ticks the VM's counter is ahead of the host's: one row, the whole of Word2.</summary>
    Counter = 2,
}
