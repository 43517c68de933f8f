using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Registers;
using Trapline.Devices.Arm.Timer;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>The ioctls of an ARM vCPU's file, and what attributes of the GIC's file are the vCPU's.</summary>
public sealed partial class ArmVcpu
{
    /// <summary>KVM_ARM_VCPU_POWER_OFF: waits for CPU_ON.</summary>
    public const ulong PowerOffFeature = 1;

    /// <summary>Of an attribute: the register's offset in both frames of the redistributor, or its encoding.</summary>
    private const uint SgiFrame = (uint)ArmAddressMap.FrameBytes;

    protected override bool HasPowerSwitch => true;

    protected override int? ServeIoctl(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.InitializeVcpu:
                return Initialize(request.Word2);
            case KvmIoctl.GetOneRegister:
                return GetOneRegister(request.Word1, out value);
            case KvmIoctl.SetOneRegister:
                var result = SetOneRegister(request.Word1, request.Word2);
                RefreshInterruptWanted();
                Observer?.Replaced(this);
                return result == Errno.Success && request.Word1 == ArmOneRegister.VirtualCounter && TryPublishCounter() ? null : result;
            case KvmIoctl.HasVcpuAttribute or KvmIoctl.GetVcpuAttribute or KvmIoctl.SetVcpuAttribute:
                return Errno.NoSuchAddress;
            default:
                return Errno.InvalidArgument;
        }
    }

    /// <summary>The counter of a VM starts at 0 when it is created (arch/arm64/kvm/arch_timer.c, kvm_timer_init_vm).</summary>
    protected override void Created(VirtualTime vmCreated)
    {
        _cpu.Timer.SetVirtualCount(_cpu.Timer.HostCount(Now) - _cpu.Timer.HostCount(vmCreated), Now);

        // A timer of a vCPU that has not been entered does not ring, whatever user space sets (kvm_timer_vcpu_load).
        _cpu.Timer.Hold(Now);
    }

    /// <summary>The VM has gone. KVM's statistics stay, as those of the vCPU's thread.</summary>
    protected override void Destroyed()
    {
        CancelTimer(GenericTimer.VirtualTimer);
        CancelTimer(GenericTimer.PhysicalTimer);
        StateWords.Copy(NewCpu().SyncState, _cpu.SyncState);
        _arrivals.Clear();
        ForgetRaises();
        (_sgiValue, _sgiKind, _sgiPosition) = (0, default, 0);
        (_psciTarget, _psciFound) = (0, false);
        _heldBack = false;
        ForgetCounterCopies();
        InterruptWanted = false;
    }

    protected override void SyncControlRegisters(StateSync sync)
    {
        var counter = _cpu.Timer.VirtualCount(Now);
        sync.Row("COUNTER", ref counter);
        foreach (var name in SystemRegisterNames.All)
        {
            if (SystemRegisterNames.TryParse(name, out var encoding) && IsStored(encoding)
                && (_cpu.State.TryRead(encoding, out var value) || _cpu.Timer.TryRead(encoding, Now, out value)))
            {
                value &= encoding is SystemRegister.CntvCtlEl0 or SystemRegister.CntpCtlEl0 ? GenericTimer.ControlStored : ulong.MaxValue;
                sync.Row(name, ref value);
            }
        }

        SyncGicRegisters(sync);
    }

    /// <summary>What is kept, and no view of something that goes on, or is shown elsewhere: counters and what counts down, the CPU's inputs, the CPU interface.</summary>
    private static bool IsStored(ushort encoding) => !SystemRegister.IsCpuInterface(encoding)
        && encoding is not (SystemRegister.CntpctEl0 or SystemRegister.CntvctEl0 or SystemRegister.CntpTvalEl0 or SystemRegister.CntvTvalEl0 or SystemRegister.IsrEl1);

    /// <summary>The CPU interface, SGIs and PPIs, as user space reads them; and what the board has handed over. It has no side effect.</summary>
    private void SyncGicRegisters(StateSync sync)
    {
        foreach (var register in Enum.GetValues<IccRegister>())
        {
            if (_gicUapi.GetSystemRegister((ushort)register, out var value) == Errno.Success)
            {
                sync.Row(SystemRegisterNames.NameOf((ushort)register) ?? register.ToString(), ref value);
            }
        }

        foreach (var bank in GicRegisters.Redistributor.Where(bank => (ulong)bank.Offset >= SgiFrameRegisters.Offset))
        {
            for (var at = 0; at < bank.Bytes; at += sizeof(uint))
            {
                ulong value = _gicUapi.GetFrame((uint)(bank.Offset + at) - (uint)SgiFrameRegisters.Offset);
                sync.Row(bank.NameOf((ulong)(bank.Offset + at)), ref value);
            }
        }

        ulong levels = _gicUapi.GetLineLevels();
        sync.Row("LEVEL_INFO", ref levels);
        _cpu.Gic.ListHeld(sync);
    }

    protected override void LeftRun()
    {
        _cpu.Timer.Hold(Now);
        Send(new ActorAddress(Settings.Machine, ActorRole.Boundary, 0), MessageKind.RunLeft);
    }

    /// <summary>KVM_INTERRUPT: ARM has none.</summary>
    protected override int QueueInterrupt(int number) => Errno.InvalidArgument;

    protected override void SetPhysicalId(ulong id) => throw new SimulationException($"{Address} is given the physical id {id} at {Now}, but an ARM CPU has its affinity by its number");

    protected override void SetFeatures(ulong word) => throw new SimulationException($"{Address} is given paravirtual features 0x{word:x} at {Now}, which ARM does not have");

    protected override void CpuIdAssigned(int result) => throw new SimulationException($"{Address} is given a physical id at {Now}, for which it did not ask ({result})");

    /// <summary>KVM_ARM_VCPU_INIT. It may come again; then the CPU is reset.</summary>
    /// <param name="features">As bits; those of the hardware, which are not modelled, are accepted.</param>
    private int Initialize(ulong features)
    {
        _cpu.Reset(Now);
        IsPoweredOff = (features & PowerOffFeature) != 0;
        RefreshInterruptWanted();
        return Errno.Success;
    }

    private int GetOneRegister(ulong id, out ulong value)
    {
        if (TryFindRegister(id, out var register))
        {
            value = this[register];
            return Errno.Success;
        }

        if (id == ArmOneRegister.ProgramCounter)
        {
            value = Pc;
            return Errno.Success;
        }

        return _uapi.GetOneRegister(id, Now, out value);
    }

    private int SetOneRegister(ulong id, ulong value)
    {
        if (TryFindRegister(id, out var register))
        {
            this[register] = value;
            return Errno.Success;
        }

        if (id == ArmOneRegister.ProgramCounter)
        {
            Redirect(value);
            return Errno.Success;
        }

        return _uapi.SetOneRegister(id, value, Now);
    }

    /// <summary>General registers, and the stack pointer of EL1, which is the one that there is here.</summary>
    private bool TryFindRegister(ulong id, out int register)
    {
        if (ArmOneRegister.TryGetGeneral(id, out var number))
        {
            register = X0 + number;
            return true;
        }

        register = Settings.Program.Architecture.StackPointer;
        return id == ArmOneRegister.StackPointerEl1;
    }

    /// <summary>KVM_SET_DEVICE_ATTR or KVM_GET_DEVICE_ATTR of the GIC, passed on by the boundary for what this vCPU has.</summary>
    private void ServeAttribute(in Message request)
    {
        var (isSet, group) = ((request.Word0 & 1) != 0, (uint)(request.Word0 >> 32));
        ulong value = 0;
        var result = isSet ? SetAttribute(group, request.Word1, request.Word2) : GetAttribute(group, request.Word1, out value);
        if (isSet)
        {
            Observer?.Replaced(this);
        }

        RefreshInterruptWanted();
        Reconsider();
        Send(request.Source, MessageKind.DeviceAttributeAnswer, (ulong)(long)result, value);
    }

    private int GetAttribute(uint group, ulong attribute, out ulong value)
    {
        value = 0;
        switch (group)
        {
            case GicAttributes.CpuRegisters:
                return _gicUapi.GetSystemRegister((ushort)attribute, out value);
            case GicAttributes.RedistributorRegisters when (uint)attribute >= SgiFrame:
                value = _gicUapi.GetFrame((uint)attribute - SgiFrame);
                return Errno.Success;
            case GicAttributes.LevelInfo when (attribute & GicAttributes.LevelInterruptMask) == 0:
                value = _gicUapi.GetLineLevels();
                return Errno.Success;
            default:
                return Errno.NoSuchAddress;
        }
    }

    private int SetAttribute(uint group, ulong attribute, ulong value)
    {
        switch (group)
        {
            case GicAttributes.CpuRegisters:
                return _gicUapi.SetSystemRegister((ushort)attribute, value);
            case GicAttributes.RedistributorRegisters when (uint)attribute >= SgiFrame:
                _gicUapi.SetFrame((uint)attribute - SgiFrame, (uint)value);
                TakeOverRaises();
                return Errno.Success;
            case GicAttributes.LevelInfo when (attribute & GicAttributes.LevelInterruptMask) == 0:
                _gicUapi.SetLineLevels((uint)value);
                TakeOverRaises();
                return Errno.Success;
            default:
                return Errno.NoSuchAddress;
        }
    }
}
