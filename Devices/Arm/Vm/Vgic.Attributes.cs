using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Gic;
using Trapline.Devices.Arm.Its;
using Trapline.Devices.Arm.Registers;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;

namespace Trapline.Devices.Arm.Vm;

/// <content>KVM_SET_DEVICE_ATTR, KVM_GET_DEVICE_ATTR and KVM_HAS_DEVICE_ATTR of both kinds of files.</content>
public sealed partial class Vgic
{
    // Registers that are settled before the initialisation (Linux 6.17).
    private const uint ImplementerOffset = 0x8;
    private const uint Typer2Offset = 0xC;

    /// <summary>GICD_TYPER2: no vPEs.</summary>
    private const uint Typer2 = 0;

    /// <param name="file">Whose attribute.</param>
    /// <param name="group">Of the attribute.</param>
    /// <param name="attribute">Within its group.</param>
    /// <param name="value">What the user pointer leads to.</param>
    /// <param name="bytes">How much of it is there.</param>
    /// <param name="isRunning">A vCPU is in KVM_RUN.</param>
    public AttributeRoute Set(DeviceFile file, uint group, ulong attribute, ulong value, int bytes, bool isRunning)
    {
        if (file.Type == KvmDeviceType.Its)
        {
            return SetOfIts(file.Number, group, attribute, value, bytes, isRunning);
        }

        switch (group)
        {
            case GicAttributes.Address:
                return bytes < sizeof(ulong) ? new(Errno.BadAddress) : SetAddress(attribute, value);
            case GicAttributes.InterruptCount:
                return new(bytes < sizeof(uint) ? Errno.BadAddress : SetInterrupts((uint)value));
            case GicAttributes.Control when attribute == GicAttributes.ControlInitialize:
                return Initialize();
            case GicAttributes.Control when attribute == GicAttributes.ControlSavePending:
                return !_isInitialized ? new(Errno.NoSuchAddress) : isRunning ? new(Errno.Busy) : AttributeRoute.ToBoard;
            default:
                return RouteRegister(group, attribute, bytes, isRunning, isSet: true, (uint)value);
        }
    }

    /// <param name="file">Whose attribute.</param>
    /// <param name="group">Of the attribute.</param>
    /// <param name="attribute">Within its group.</param>
    /// <param name="given">What the user pointer leads to before: REDIST_REGION is read by the index that is there.</param>
    /// <param name="bytes">How much room is there.</param>
    /// <param name="isRunning">A vCPU is in KVM_RUN.</param>
    public AttributeRoute Get(DeviceFile file, uint group, ulong attribute, ulong given, int bytes, bool isRunning)
    {
        if (file.Type == KvmDeviceType.Its)
        {
            return Written(GetOfIts(file.Number, group, attribute, isRunning), bytes, sizeof(ulong));
        }

        switch (group)
        {
            case GicAttributes.Address when attribute == GicAttributes.AddressRedistributorRegion && bytes < sizeof(ulong):
                return new(Errno.BadAddress);
            case GicAttributes.Address:
                return Written(GetAddress(attribute, given), bytes, sizeof(ulong));
            case GicAttributes.InterruptCount:
                return Written(new(Errno.Success, (ulong)Present), bytes, sizeof(uint));
            default:
                return Written(RouteRegister(group, attribute, bytes, isRunning, isSet: false), bytes, SizeOf(group));
        }
    }

    /// <returns>0 or ENXIO; of registers a wrong affinity, of an ITS's an offset that is not aligned, is EINVAL.</returns>
    public int Has(DeviceFile file, uint group, ulong attribute)
    {
        if (file.Type == KvmDeviceType.Its)
        {
            return group == GicAttributes.Address && attribute == GicAttributes.AddressIts ? Errno.Success : ItsUapi.HasAttribute(group, attribute);
        }

        var isThere = group switch
        {
            GicAttributes.Address => attribute is GicAttributes.AddressDistributor or GicAttributes.AddressRedistributor or GicAttributes.AddressRedistributorRegion,
            GicAttributes.InterruptCount => true,
            GicAttributes.Control => attribute is GicAttributes.ControlInitialize or GicAttributes.ControlSavePending,
            GicAttributes.LevelInfo => (attribute >> GicAttributes.LevelKindShift & GicAttributes.LevelKindMask) == 0,
            GicAttributes.DistributorRegisters => IsOfDistributor((uint)attribute),
            GicAttributes.RedistributorRegisters => IsRegister(GicRegisters.Redistributor, (uint)attribute),
            GicAttributes.CpuRegisters => IsCpuRegister((ushort)attribute),
            _ => false,
        };
        var namesVcpu = group is GicAttributes.RedistributorRegisters or GicAttributes.CpuRegisters;
        return namesVcpu && VcpuOf(attribute) < 0 ? Errno.InvalidArgument : isThere ? Errno.Success : Errno.NoSuchAddress;
    }

    /// <summary>What is read goes out through the pointer last: whatever else is wrong is said before.</summary>
    private static AttributeRoute Written(AttributeRoute route, int bytes, int needed) => route.Result == Errno.Success && bytes < needed ? new(Errno.BadAddress) : route;

    private static int SizeOf(uint group) => group == GicAttributes.CpuRegisters ? sizeof(ulong) : sizeof(uint);

    /// <summary>Linux's table of the distributor has no NSACR; of the arrays only what the interrupts that there are have is a register.</summary>
    private bool IsOfDistributor(uint offset)
    {
        var beyond = offset switch
        {
            >= DistributorRegisters.Group and < DistributorRegisters.Priority => (offset % DistributorRegisters.BitArrayBytes * 8) >= (uint)Present,
            >= DistributorRegisters.Priority and < DistributorRegisters.Config => (offset % 0x400) >= (uint)Present,
            >= DistributorRegisters.Config and < DistributorRegisters.ConfigEnd => ((offset - DistributorRegisters.Config) * 4) >= (uint)Present,
            >= DistributorRegisters.ConfigEnd and < DistributorRegisters.NonSecureAccess => (offset % DistributorRegisters.BitArrayBytes * 8) >= (uint)Present,
            >= DistributorRegisters.Router and < DistributorRegisters.RouterEnd => ((offset - DistributorRegisters.Router) / sizeof(ulong)) >= (uint)Present,
            _ => offset is >= DistributorRegisters.NonSecureAccess and < DistributorRegisters.Router,
        };
        return !beyond && IsRegister(GicRegisters.Distributor, offset);
    }

    private static bool IsRegister(IReadOnlyList<RegisterBank> frame, uint offset) => offset % sizeof(uint) == 0 && GicRegisters.NameOf(frame, offset) is not null;

    private static bool IsCpuRegister(ushort encoding) => (IccRegister)encoding is IccRegister.Pmr or IccRegister.Bpr0 or IccRegister.Bpr1
        or IccRegister.Ap0R0 or IccRegister.Ap0R1 or IccRegister.Ap0R2 or IccRegister.Ap0R3 or IccRegister.Ap1R0 or IccRegister.Ap1R1 or IccRegister.Ap1R2 or IccRegister.Ap1R3
        or IccRegister.Ctlr or IccRegister.Sre or IccRegister.IgrpEn0 or IccRegister.IgrpEn1;

    private AttributeRoute SetAddress(ulong attribute, ulong value)
    {
        switch (attribute)
        {
            case GicAttributes.AddressDistributor:
                var result = CheckPlace(_distributor, value, DistributorRegisters.WindowSize);
                _distributor = result == Errno.Success ? value : _distributor;
                return new(result);
            case GicAttributes.AddressRedistributor:
                result = _regions.AddLegacy(value, _vcpus.Count, Distributor);
                return result == Errno.Success ? AttributeRoute.ToBoard : new(result);
            case GicAttributes.AddressRedistributorRegion:
                // An overlap with the distributor is found where frames are placed: here, if a vCPU waits for its own.
                result = _regions.Add(value, _regions.HasRoom(_vcpus.Count) ? null : Distributor);
                return result == Errno.Success ? AttributeRoute.ToBoard : new(result);
            default:
                return new(Errno.NoSuchAddress);
        }
    }

    private AttributeRoute GetAddress(ulong attribute, ulong given)
    {
        switch (attribute)
        {
            case GicAttributes.AddressDistributor:
                return new(Errno.Success, _distributor);
            case GicAttributes.AddressRedistributor:
                return new(Errno.Success, _regions.FirstBase);
            case GicAttributes.AddressRedistributorRegion:
                var result = _regions.Find(given, out var value);
                return new(result, value);
            default:
                return new(Errno.NoSuchAddress);
        }
    }

    private int CheckPlace(ulong present, ulong start, ulong bytes) => present != GuestRange.Unset ? Errno.Exists : new GuestRange(start, bytes).Check(_ipaBits);

    private int SetInterrupts(uint count)
    {
        if (!IsInterruptCount(count))
        {
            return Errno.InvalidArgument;
        }

        if (_isReady || _interrupts != 0)
        {
            return Errno.Busy;
        }

        _interrupts = (int)count;
        return Errno.Success;
    }

    /// <summary>Idempotent; the number of interrupts is fixed by it.</summary>
    private AttributeRoute Initialize()
    {
        if (_isInitialized)
        {
            return new(Errno.Success);
        }

        _interrupts = Interrupts;
        _isInitialized = true;
        return AttributeRoute.ToBoard;
    }

    private AttributeRoute RouteRegister(uint group, ulong attribute, int bytes, bool isRunning, bool isSet, uint value = 0)
    {
        var isRegister = group is GicAttributes.DistributorRegisters or GicAttributes.RedistributorRegisters or GicAttributes.CpuRegisters or GicAttributes.LevelInfo;
        if (!isRegister)
        {
            return new(Errno.NoSuchAddress);
        }

        // The affinity is not looked at where the distributor is meant: the first vCPU does it.
        var vcpu = group == GicAttributes.DistributorRegisters ? _vcpus.FirstOrDefault(-1) : VcpuOf(attribute);
        if (vcpu < 0)
        {
            return new(Errno.InvalidArgument);
        }

        // A CPU's register is fetched from user space when the vCPU is known to stand still.
        var isMissing = isSet && bytes < SizeOf(group);
        if (isMissing && group != GicAttributes.CpuRegisters)
        {
            return new(Errno.BadAddress);
        }

        var isEarly = group == GicAttributes.DistributorRegisters && (uint)attribute is ImplementerOffset or Typer2Offset;
        if (isRunning || !(_isInitialized || isEarly))
        {
            return new(Errno.Busy);
        }

        if (isMissing)
        {
            return new(Errno.BadAddress);
        }

        if (group == GicAttributes.LevelInfo && !IsLevelInfo(attribute))
        {
            return new(Errno.InvalidArgument);
        }

        if (isSet && isEarly && (uint)attribute == Typer2Offset)
        {
            // It says what the host can do, and that does not change.
            return new(value == Typer2 ? Errno.Success : _isInitialized ? Errno.Busy : Errno.InvalidArgument);
        }

        return group switch
        {
            GicAttributes.CpuRegisters => IsCpuRegister((ushort)attribute) ? AttributeRoute.ToVcpu(vcpu) : new(Errno.NoSuchAddress),
            GicAttributes.RedistributorRegisters when (uint)attribute >= RedistributorRegion.FrameBytes => AttributeRoute.ToVcpu(vcpu),
            GicAttributes.LevelInfo when (attribute & GicAttributes.LevelInterruptMask) == 0 => AttributeRoute.ToVcpu(vcpu),
            _ => AttributeRoute.ToBoard,
        };
    }

    private static bool IsLevelInfo(ulong attribute) =>
        (attribute >> GicAttributes.LevelKindShift & GicAttributes.LevelKindMask) == 0
        && (attribute & GicAttributes.LevelInterruptMask) % InterruptIds.PrivateCount == 0;

    /// <summary>The id of the vCPU that an attribute names by its affinity; -1 where none has it.</summary>
    private int VcpuOf(ulong attribute)
    {
        var affinity = (uint)(attribute >> GicAttributes.AffinityShift);
        var id = _vcpus.FindIndex(each => CpuAffinity.Of(each) == affinity);
        return id < 0 ? id : _vcpus[id];
    }

    private AttributeRoute SetOfIts(int its, uint group, ulong attribute, ulong value, int bytes, bool isRunning)
    {
        switch (group)
        {
            case GicAttributes.Address when attribute != GicAttributes.AddressIts:
                return new(Errno.NoSuchDevice);
            case GicAttributes.Address when bytes < sizeof(ulong):
                return new(Errno.BadAddress);
            case GicAttributes.Address:
                var result = CheckPlace(_its[its], value, GicTopology.ItsBytes);
                _its[its] = result == Errno.Success ? value : _its[its];
                return result == Errno.Success ? AttributeRoute.ToBoard : new(result);
            case GicAttributes.Control when attribute == GicAttributes.ControlInitialize:
                return new(Errno.Success);
            case GicAttributes.Control when isRunning:
                return new(Errno.Busy);
            case GicAttributes.Control:
                return ItsUapi.HasAttribute(group, attribute) == Errno.Success ? AttributeRoute.ToBoard : new(Errno.NoSuchAddress);
            case GicAttributes.ItsRegisters when bytes < sizeof(ulong):
                return new(Errno.BadAddress);
            default:
                return RouteOfIts(its, group, attribute, isRunning);
        }
    }

    private AttributeRoute GetOfIts(int its, uint group, ulong attribute, bool isRunning) => group != GicAttributes.Address ? RouteOfIts(its, group, attribute, isRunning)
        : attribute != GicAttributes.AddressIts ? new(Errno.NoSuchDevice)
        : new(Errno.Success, _its[its]);

    /// <summary>ITS_REGS; whether the offset is a register is known only when the vCPUs are locked (since Linux 6.3).</summary>
    private AttributeRoute RouteOfIts(int its, uint group, ulong attribute, bool isRunning)
    {
        if (group != GicAttributes.ItsRegisters)
        {
            return new(Errno.NoSuchAddress);
        }

        if (!ItsUapi.IsAligned(attribute))
        {
            return new(Errno.InvalidArgument);
        }

        if (isRunning)
        {
            return new(Errno.Busy);
        }

        return _its[its] == GuestRange.Unset || ItsUapi.HasAttribute(group, attribute) != Errno.Success ? new(Errno.NoSuchAddress) : AttributeRoute.ToBoard;
    }
}
