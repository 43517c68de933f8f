using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Registers;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Transfer;

namespace Trapline.Devices.Arm.Transfer;

/// <summary>
/// Everything that a VMM reads out of KVM for an ARM machine, in the order in which the other side has to set it (spec gicv3-its 9.8; QEMU
/// hw/intc/arm_gicv3_kvm.c, arm_gicv3_its_kvm.c, target/arm/kvm.c). Before anything is read the source has pending bits and the ITS's
/// tables written into guest memory, whose last pages follow; they are nowhere else in what is sent.
/// </summary>
public static class ArmState
{
    /// <summary>ICENABLER takes all enables away, so that ISENABLER, which can only add, leaves those that were.</summary>
    private const uint AllInterrupts = uint.MaxValue;

    private const ulong SgiFrame = SgiFrameRegisters.Offset;

    private static readonly IccRegister[] CpuInterface =
    [
        IccRegister.Sre, IccRegister.Pmr, IccRegister.Bpr0, IccRegister.Bpr1, IccRegister.Ctlr, IccRegister.Ap0R0, IccRegister.Ap1R0,
        IccRegister.IgrpEn0, IccRegister.IgrpEn1,
    ];

    private static readonly ulong[] Control =
    [
        ArmOneRegister.Status, ArmOneRegister.StackPointer, ArmOneRegister.ReturnAddress, ArmOneRegister.SavedStatus,
        .. new[]
        {
            SystemRegister.SctlrEl1, SystemRegister.CpacrEl1, SystemRegister.Ttbr0El1, SystemRegister.Ttbr1El1, SystemRegister.TcrEl1,
            SystemRegister.EsrEl1, SystemRegister.FarEl1, SystemRegister.MairEl1, SystemRegister.VbarEl1, SystemRegister.ContextidrEl1,
            SystemRegister.TpidrEl1, SystemRegister.WorkEl1, SystemRegister.CntkctlEl1, SystemRegister.TpidrEl0, SystemRegister.TpidrroEl0,
        }.Select(ArmOneRegister.OfSystem),
    ];

    /// <summary>The comparison before the control that enables it.</summary>
    private static readonly ulong[] Timer =
        [ArmOneRegister.VirtualCompare, ArmOneRegister.VirtualControl, ArmOneRegister.PhysicalCompare, ArmOneRegister.PhysicalControl];

    /// <param name="vcpus">Of the machine; their ids are their indices.</param>
    /// <param name="interrupts">NR_IRQS: INTIDs of the distributor, private ones included.</param>
    public static StateTable TableOf(int vcpus, int interrupts)
    {
        List<StateItem> items =
        [
            new(StateGroup.GicPendingTables, KvmDeviceType.GicV3, -1, GicAttributes.Control, GicAttributes.ControlSavePending, 0) { Step = StateStep.Save },
            new(StateGroup.ItsTables, KvmDeviceType.Its, -1, GicAttributes.Control, GicAttributes.ControlSaveTables, 0) { Step = StateStep.Save },
        ];
        AddDistributor(items, interrupts);
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            AddRedistributor(items, vcpu);
        }

        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            items.AddRange(CpuInterface.Select(register => new StateItem(
                StateGroup.GicCpuInterface, KvmDeviceType.GicV3, -1, GicAttributes.CpuRegisters, OfVcpu(vcpu) | (ushort)register, sizeof(ulong))));
        }

        // What the ITS restores reads the redistributors' tables and names their vCPUs: it comes after them.
        AddIts(items);
        var counter = items.Count;
        items.Add(new StateItem(StateGroup.Counter, 0, 0, 0, ArmOneRegister.VirtualCounter, sizeof(ulong)));
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            AddVcpu(items, vcpu);
        }

        return new StateTable([.. items], counter, NameOf);
    }

    private static string NameOf(StateItem item) => item.Group switch
    {
        StateGroup.GicPendingTables => "gic SAVE_PENDING_TABLES",
        StateGroup.ItsTables => "its SAVE_TABLES",
        StateGroup.ItsRestore => "its RESTORE_TABLES",
        StateGroup.ItsRegisters or StateGroup.ItsControl => $"its {GicRegisters.NameOf(GicRegisters.Its, item.Attribute)}",
        StateGroup.GicDistributor when item.AttributeGroup == GicAttributes.LevelInfo => $"gic LEVEL_INFO {item.Attribute & GicAttributes.LevelInterruptMask}",
        StateGroup.GicDistributor => $"gic {GicRegisters.NameOf(GicRegisters.Distributor, (uint)item.Attribute)}",
        StateGroup.GicRedistributor when item.AttributeGroup == GicAttributes.LevelInfo => $"vcpu{VcpuOf(item)} LEVEL_INFO",
        StateGroup.GicRedistributor => $"vcpu{VcpuOf(item)} {GicRegisters.NameOf(GicRegisters.Redistributor, (uint)item.Attribute)}",
        StateGroup.GicCpuInterface => $"vcpu{VcpuOf(item)} {SystemRegisterNames.NameOf((ushort)item.Attribute)}",
        StateGroup.Counter => "COUNTER",
        StateGroup.VcpuRegisters when VcpuRegister.IsIndex(item.Attribute) => $"vcpu{item.Vcpu} {VcpuRegister.NameOf((int)item.Attribute)}",
        _ => $"vcpu{item.Vcpu} {NameOfOneRegister(item.Attribute)}",
    };

    private static string NameOfOneRegister(ulong id) => id switch
    {
        _ when ArmOneRegister.TryGetGeneral(id, out var number) => $"X{number}",
        ArmOneRegister.StackPointerEl1 => "SP_EL1",
        ArmOneRegister.ProgramCounter => "PC",
        ArmOneRegister.Status => "PSTATE",
        ArmOneRegister.StackPointer => "SP_EL0",
        ArmOneRegister.ReturnAddress => "ELR_EL1",
        ArmOneRegister.SavedStatus => "SPSR_EL1",

        // Counter and comparison have one another's encoding as ids.
        ArmOneRegister.VirtualCompare => "CNTV_CVAL_EL0",
        _ => (ArmOneRegister.TryGetSystem(id, out var encoding) ? SystemRegisterNames.NameOf(encoding) : null) ?? "?",
    };

    private static void AddDistributor(List<StateItem> items, int interrupts)
    {
        Add(DistributorRegisters.Implementer);
        for (var first = InterruptIds.FirstSpi; first < interrupts; first += InterruptIds.PrivateCount)
        {
            items.Add(OfRegister(DistributorRegisters.ClearEnable + (first / 8)) with { Step = StateStep.Load, Given = AllInterrupts });
            AddBits(DistributorRegisters.SetEnable, first);
            AddBits(DistributorRegisters.Group, first);
            AddWords(DistributorRegisters.Config + (first / 4), InterruptIds.PrivateCount / 4);
            AddWords(DistributorRegisters.Priority + first, InterruptIds.PrivateCount);
            AddWords(DistributorRegisters.Router + (first * 8), InterruptIds.PrivateCount * 8);
            AddBits(DistributorRegisters.SetPending, first);
            AddBits(DistributorRegisters.SetActive, first);
            items.Add(OfGic(StateGroup.GicDistributor, GicAttributes.LevelInfo, (ulong)first));
        }

        Add(DistributorRegisters.Control);

        static StateItem OfRegister(int offset) => OfGic(StateGroup.GicDistributor, GicAttributes.DistributorRegisters, (ulong)offset);

        void Add(int offset) => items.Add(OfRegister(offset));

        void AddBits(int start, int first) => Add(start + (first / 8));

        void AddWords(int start, int bytes)
        {
            for (var at = 0; at < bytes; at += sizeof(uint))
            {
                Add(start + at);
            }
        }
    }

    private static void AddRedistributor(List<StateItem> items, int vcpu)
    {
        Add(RedistributorRegisters.Waker);
        Add(RedistributorRegisters.PropertyBase);
        Add(RedistributorRegisters.PropertyBase + sizeof(uint));
        Add(RedistributorRegisters.PendingBase);
        Add(RedistributorRegisters.PendingBase + sizeof(uint));

        // Both bases can be written only while LPIs are disabled.
        Add(RedistributorRegisters.Control);
        items.Add(OfFrame(SgiFrame + SgiFrameRegisters.ClearEnable) with { Step = StateStep.Load, Given = AllInterrupts });
        Add(SgiFrame + SgiFrameRegisters.SetEnable);
        Add(SgiFrame + SgiFrameRegisters.Group);
        for (var at = SgiFrameRegisters.Priority; at < SgiFrameRegisters.PriorityEnd; at += sizeof(uint))
        {
            Add(SgiFrame + at);
        }

        Add(SgiFrame + SgiFrameRegisters.PpiConfiguration);
        Add(SgiFrame + SgiFrameRegisters.SetPending);
        Add(SgiFrame + SgiFrameRegisters.SetActive);
        items.Add(OfGic(StateGroup.GicRedistributor, GicAttributes.LevelInfo, OfVcpu(vcpu)));

        void Add(ulong offset) => items.Add(OfFrame(offset));

        StateItem OfFrame(ulong offset) => OfGic(StateGroup.GicRedistributor, GicAttributes.RedistributorRegisters, OfVcpu(vcpu) | offset);
    }

    /// <summary>CBASER clears both pointers, and the tables have to be known before they are read; GITS_CTLR comes last: it runs what is left in the queue.</summary>
    private static void AddIts(List<StateItem> items)
    {
        Add(StateGroup.ItsRegisters, ItsOffsets.Implementer);
        Add(StateGroup.ItsRegisters, ItsOffsets.QueueBase);
        Add(StateGroup.ItsRegisters, ItsOffsets.QueueRead);
        Add(StateGroup.ItsRegisters, ItsOffsets.QueueWrite);
        for (var table = ItsOffsets.TableBase; table < ItsOffsets.TableBaseEnd; table += sizeof(ulong))
        {
            Add(StateGroup.ItsRegisters, table);
        }

        items.Add(new(StateGroup.ItsRestore, KvmDeviceType.Its, -1, GicAttributes.Control, GicAttributes.ControlRestoreTables, 0) { Step = StateStep.Load });
        Add(StateGroup.ItsControl, ItsOffsets.Control);

        void Add(StateGroup group, ulong offset) => items.Add(new(group, KvmDeviceType.Its, -1, GicAttributes.ItsRegisters, offset, sizeof(ulong)));
    }

    private static void AddVcpu(List<StateItem> items, int vcpu)
    {
        for (var register = 0; register < ArmOneRegister.GeneralCount; register++)
        {
            items.Add(OfVcpuFile(StateGroup.VcpuRegisters, ArmOneRegister.OfGeneral(register)));
        }

        items.Add(OfVcpuFile(StateGroup.VcpuRegisters, ArmOneRegister.StackPointerEl1));
        items.Add(OfVcpuFile(StateGroup.VcpuRegisters, ArmOneRegister.ProgramCounter));
        for (var own = VcpuRegister.Draws; own <= VcpuRegister.PoweredOff; own++)
        {
            items.Add(OfVcpuFile(StateGroup.VcpuRegisters, (ulong)own));
        }

        items.AddRange(Control.Select(id => OfVcpuFile(StateGroup.VcpuControl, id)));
        items.AddRange(Timer.Select(id => OfVcpuFile(StateGroup.VcpuTimer, id)));

        StateItem OfVcpuFile(StateGroup group, ulong register) => new(group, 0, vcpu, 0, register, sizeof(ulong));
    }

    private static StateItem OfGic(StateGroup group, uint attributeGroup, ulong attribute) => new(group, KvmDeviceType.GicV3, -1, attributeGroup, attribute, sizeof(uint));

    private static ulong OfVcpu(int vcpu) => (ulong)CpuAffinity.Of(vcpu) << GicAttributes.AffinityShift;

    /// <summary>The inverse of <see cref="CpuAffinity.Of"/>: four bits of Aff0, then eight of Aff1.</summary>
    private static ulong VcpuOf(StateItem item)
    {
        var affinity = item.Attribute >> GicAttributes.AffinityShift;
        return (affinity & 0xF) | (affinity >> 8 << 4);
    }
}
