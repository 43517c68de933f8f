using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Transfer;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.PchPic;

namespace Trapline.Devices.LoongArch.Transfer;

/// <summary>
/// Everything that a VMM reads out of KVM for a machine, in the order in which the other side has to set it: EIOINTC's
/// registers, its status, LOAD_FINISHED; IPI; PCH-PIC; the vCPUs, ESTAT with them, TVAL before TCFG (spec
/// loongarch-irqchip 7.7 and 9; QEMU hw/intc/loongarch_*_kvm.c, target/loongarch/kvm/kvm.c).
/// </summary>
public static class LoongArchState
{
    private static readonly int[] IpiStored =
        [IpiRegisters.Status, IpiRegisters.Enable, IpiRegisters.Set, IpiRegisters.Clear, 0x20, 0x28, 0x30, 0x38];

    private static readonly int[] PchPicStored =
    [
        PchPicRegisters.IntMask, PchPicRegisters.HtmsiEnable, PchPicRegisters.Edge, PchPicRegisters.AutoControl0,
        PchPicRegisters.AutoControl1, PchPicRegisters.IntIrr, PchPicRegisters.IntIsr, PchPicRegisters.Polarity,
    ];

    /// <summary>All CSRs but CPUID, which the VMM chooses, and those of the timer.</summary>
    private static readonly int[] Control =
    [
        Csr.Crmd, Csr.Prmd, Csr.Euen, Csr.Misc, Csr.Ecfg, Csr.Estat, Csr.Era, Csr.Badv, Csr.Badi, Csr.Eentry,
        .. Enumerable.Range(Csr.Save0, Csr.SaveCount), Csr.Tid, Csr.Cntc, Csr.Work,
    ];

    private static readonly int[] Timer = [Csr.Tval, Csr.Tcfg];

    /// <param name="vcpus">Of the machine.</param>
    /// <param name="controllersInKernel">Whether KVM has the interrupt controllers.</param>
    /// <param name="hasStealTime">Whether user space can read a vCPU's steal-time address.</param>
    public static StateTable TableOf(int vcpus, bool controllersInKernel, bool hasStealTime)
    {
        List<StateItem> items = [];
        if (controllersInKernel)
        {
            AddEiointc(items, vcpus);
            AddIpi(items, vcpus);
            AddPchPic(items);
        }

        // Guest time goes on from where it stood before anything that counts in it is set.
        var counter = items.Count;
        items.Add(OfVcpu(StateGroup.Counter, 0, OneRegister.Counter));
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            AddVcpu(items, vcpu, hasStealTime);
        }

        return new StateTable([.. items], counter, NameOf);
    }

    /// <summary>What a value is called in the manuals, with whose it is.</summary>
    private static string NameOf(StateItem item) => item.Group switch
    {
        StateGroup.EiointcRegisters => $"eiointc {EiointcRegisters.NameOf((int)item.Attribute)}",
        StateGroup.EiointcCoreIsr => $"eiointc vcpu{item.Attribute >> 16} {EiointcRegisters.NameOf((int)(item.Attribute & 0xFFFF))}",
        StateGroup.EiointcStatus => "eiointc STATE",
        StateGroup.EiointcLoadFinished => "eiointc LOAD_FINISHED",
        StateGroup.IpiRegisters => $"ipi{IpiUapi.VcpuOf(item.Attribute)} {IpiRegisters.NameOf((int)(item.Attribute & 0xFF))}",
        StateGroup.PchPicRegisters => $"pchpic {PchPicRegisters.NameOf(item.Attribute)}",
        StateGroup.VcpuRegisters => $"vcpu{item.Vcpu} {VcpuRegister.NameOf((int)item.Attribute)}",
        StateGroup.Counter => "COUNTER",
        StateGroup.VcpuStealTime => $"vcpu{item.Vcpu} STEAL_TIME",
        _ => $"vcpu{item.Vcpu} {(OneRegister.TryGetCsr(item.Attribute, out var number) ? CsrNames.NameOf(number) : null) ?? "?"}",
    };

    private static void AddEiointc(List<StateItem> items, int vcpus)
    {
        Add(EiointcRegisters.NodeType, 0x20);
        Add(EiointcRegisters.IpMap, 0x8);
        Add(EiointcRegisters.Enable, 0x20);
        Add(EiointcRegisters.Bounce, 0x20);
        Add(EiointcRegisters.InputLatch, 0x20);
        Add(EiointcRegisters.CoreMap, 0x100);
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            for (var at = 0; at < 0x20; at += sizeof(uint))
            {
                items.Add(OfEiointc(StateGroup.EiointcCoreIsr, EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(EiointcRegisters.CoreStatus + at, vcpu)));
            }
        }

        items.Add(OfEiointc(StateGroup.EiointcStatus, EiointcUapi.StatusGroup, EiointcUapi.StatusState));
        items.Add(OfEiointc(StateGroup.EiointcLoadFinished, EiointcUapi.ControlGroup, EiointcUapi.ControlLoadFinished) with { Bytes = 0, Step = StateStep.Load });

        void Add(int start, int bytes)
        {
            for (var at = 0; at < bytes; at += sizeof(uint))
            {
                items.Add(OfEiointc(StateGroup.EiointcRegisters, EiointcUapi.RegistersGroup, EiointcUapi.AttributeOf(start + at)));
            }
        }
    }

    private static void AddIpi(List<StateItem> items, int vcpus)
    {
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            foreach (var register in IpiStored)
            {
                var attribute = IpiUapi.AttributeOf(vcpu, register);
                items.Add(new StateItem(StateGroup.IpiRegisters, KvmDeviceType.Ipi, -1, IpiUapi.RegistersGroup, attribute, IpiUapi.WidthOf(attribute)));
            }
        }
    }

    private static void AddPchPic(List<StateItem> items)
    {
        foreach (var register in PchPicStored)
        {
            Add(register);
        }

        for (var pin = 0; pin < PchPic.PchPic.Pins; pin++)
        {
            Add(PchPicRegisters.RouteEntry + pin);
            Add(PchPicRegisters.HtmsiVector + pin);
        }

        void Add(int register) => items.Add(new StateItem(
            StateGroup.PchPicRegisters, KvmDeviceType.PchPic, -1, PchPicUapi.RegistersGroup, (ulong)register, PchPicUapi.WidthOf((ulong)register)));
    }

    private static void AddVcpu(List<StateItem> items, int vcpu, bool hasStealTime)
    {
        for (var register = 0; register < VcpuRegister.Count; register++)
        {
            items.Add(OfVcpu(StateGroup.VcpuRegisters, vcpu, (ulong)register));
        }

        items.AddRange(Control.Select(number => OfVcpu(StateGroup.VcpuControl, vcpu, OneRegister.OfCsr(number))));
        items.AddRange(Timer.Select(number => OfVcpu(StateGroup.VcpuTimer, vcpu, OneRegister.OfCsr(number))));
        if (hasStealTime)
        {
            items.Add(OfVcpu(StateGroup.VcpuStealTime, vcpu, 0) with { AttributeGroup = VcpuAttributes.StealTimeGroup });
        }
    }

    private static StateItem OfVcpu(StateGroup group, int vcpu, ulong register) => new(group, 0, vcpu, 0, register, sizeof(ulong));

    private static StateItem OfEiointc(StateGroup group, uint attributeGroup, ulong attribute) =>
        new(group, KvmDeviceType.Eiointc, -1, attributeGroup, attribute, sizeof(uint));
}
