using System.Numerics;
using Trapline.Actors.Migration;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Common.Transfer;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.PchPic;

namespace Trapline.Actors.Vmm.Migration;

/// <summary>Counts what is pending in state that was read out of the kernel.</summary>
internal static class PendingCount
{
    private const ulong TimerEnable = 1;

    private static readonly ulong Estat = OneRegister.OfCsr(Csr.Estat);
    private static readonly ulong TimerConfiguration = OneRegister.OfCsr(Csr.Tcfg);

    public static PendingInterrupts Of(TransferStream stream, StateTable table)
    {
        var pending = new PendingInterrupts();
        foreach (var value in stream.Values)
        {
            if ((StateGroup)value.Group is StateGroup.Routing or StateGroup.Irqfds or StateGroup.Devices)
            {
                continue;
            }

            Add(ref pending, in table[value.Number], value.Value);
        }

        return pending;
    }

    private static void Add(ref PendingInterrupts pending, in StateItem item, ulong value)
    {
        var bits = (uint)BitOperations.PopCount(value);
        switch (item.Group)
        {
            case StateGroup.IpiRegisters when (item.Attribute & 0xFF) == IpiRegisters.Status:
                pending.Ipis += bits;
                break;
            case StateGroup.EiointcCoreIsr:
                pending.Vectors += bits;
                break;
            case StateGroup.PchPicRegisters when item.Attribute == PchPicRegisters.IntIrr:
                pending.Pins += bits;
                break;
            case StateGroup.VcpuControl when item.Attribute == Estat:
                const ulong Lines = (1UL << CpuLines.Count) - 1;
                const ulong Timer = 1UL << CpuLines.Timer;
                pending.Lines += (uint)BitOperations.PopCount(value & Lines & ~Timer);
                pending.Timers += (value & Timer) != 0 ? 1u : 0;
                break;
            case StateGroup.VcpuTimer when item.Attribute == TimerConfiguration || item.Attribute is ArmOneRegister.VirtualControl or ArmOneRegister.PhysicalControl:
                pending.Timers += (value & TimerEnable) != 0 ? 1u : 0;
                break;
            default:
                AddOfGic(ref pending, in item, value);
                break;
        }
    }

    /// <summary>Latches, and wires that are high. What is pending of LPIs is in tables in guest memory by now, and is not counted.</summary>
    private static void AddOfGic(ref PendingInterrupts pending, in StateItem item, ulong value)
    {
        const ulong Sgis = (1UL << InterruptIds.SgiCount) - 1;
        var isLevels = item.AttributeGroup == GicAttributes.LevelInfo;
        switch (item.Group)
        {
            case StateGroup.GicRedistributor when isLevels || (uint)item.Attribute == SgiFrameRegisters.Offset + SgiFrameRegisters.SetPending:
                pending.Ipis += (uint)BitOperations.PopCount(value & Sgis);
                pending.Lines += (uint)BitOperations.PopCount(value & ~Sgis);
                break;
            case StateGroup.GicDistributor when isLevels || (uint)item.Attribute - DistributorRegisters.SetPending < DistributorRegisters.BitArrayBytes:
                pending.Pins += (uint)BitOperations.PopCount(value);
                break;
        }
    }
}
