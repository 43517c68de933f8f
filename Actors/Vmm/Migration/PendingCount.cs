using System.Numerics;
using Trapline.Actors.Migration;
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
            case StateGroup.VcpuTimer when item.Attribute == TimerConfiguration:
                pending.Timers += (value & TimerEnable) != 0 ? 1u : 0;
                break;
        }
    }
}
