using Trapline.Devices.Common;

namespace Trapline.Devices.Arm.Its;

/// <summary>
/// The device file of an ITS (spec gicv3-its 9.3, 9.4, 9.6, 9.7) but for its address, which is the VM's to check. That no vCPU runs
/// (-EBUSY) is for the caller to see to. A register write may leave commands: see <see cref="ItsUnit.HasCommands"/>.
/// </summary>
public sealed class ItsUapi(ItsUnit unit)
{
    public const uint RegistersGroup = 8;
    public const uint ControlGroup = 4;

    public const ulong ControlInit = 0;
    public const ulong ControlSaveTables = 1;
    public const ulong ControlRestoreTables = 2;
    public const ulong ControlReset = 4;

    /// <summary>Bits 15:12 of GITS_IIDR: the format of saved tables, of which there is one.</summary>
    private const ulong FormatMask = 0xF000;

    /// <summary>KVM_GET_DEVICE_ATTR.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int GetAttribute(uint group, ulong attribute, out ulong value)
    {
        value = 0;
        if (group != RegistersGroup)
        {
            return Errno.NoSuchAddress;
        }

        var result = Check(attribute);
        if (result == Errno.Success)
        {
            value = unit.Read(attribute, SizeOf(attribute));
        }

        return result;
    }

    /// <summary>KVM_SET_DEVICE_ATTR.</summary>
    /// <inheritdoc cref="GetAttribute"/>
    public int SetAttribute(uint group, ulong attribute, ulong value) => group switch
    {
        RegistersGroup => SetRegister(attribute, value),
        ControlGroup => Control(attribute),
        _ => Errno.NoSuchAddress,
    };

    /// <summary>KVM_HAS_DEVICE_ATTR.</summary>
    /// <returns>0; EINVAL for an offset that is not aligned; ENXIO.</returns>
    public static int HasAttribute(uint group, ulong attribute) => group switch
    {
        RegistersGroup => !IsAligned(attribute) ? Errno.InvalidArgument : IsRegister(attribute) ? Errno.Success : Errno.NoSuchAddress,
        ControlGroup => attribute is ControlInit or ControlSaveTables or ControlRestoreTables or ControlReset ? Errno.Success : Errno.NoSuchAddress,
        _ => Errno.NoSuchAddress,
    };

    /// <summary>Whether an attribute of ITS_REGS is where a register can begin.</summary>
    public static bool IsAligned(ulong offset) => offset % (offset is < ItsOffsets.Type or >= ItsOffsets.Identification ? 4UL : 8UL) == 0;

    private static bool IsRegister(ulong offset) => ItsUnit.IsWide(offset & ~7UL) || offset is ItsOffsets.Control or ItsOffsets.Implementer
        or (>= ItsOffsets.Identification and < ItsOffsets.ControlFrameEnd);

    private static int SizeOf(ulong offset) => ItsUnit.IsWide(offset) ? sizeof(ulong) : sizeof(uint);

    private int Control(ulong attribute)
    {
        switch (attribute)
        {
            case ControlInit:
                return Errno.Success;
            case ControlSaveTables:
                return unit.Mappings.Save();
            case ControlRestoreTables:
                return unit.Mappings.Restore();
            case ControlReset:
                unit.Reset();
                return Errno.Success;
            default:
                return Errno.NoSuchAddress;
        }
    }

    private int Check(ulong offset)
    {
        if (!IsAligned(offset))
        {
            return Errno.InvalidArgument;
        }

        return unit.Base is not null && IsRegister(offset) ? Errno.Success : Errno.NoSuchAddress;
    }

    /// <summary>As the guest's write, but for the format and CREADR.</summary>
    private int SetRegister(ulong offset, ulong value)
    {
        var result = Check(offset);
        if (result != Errno.Success)
        {
            return result;
        }

        switch (offset)
        {
            case ItsOffsets.Implementer:
                return (value & FormatMask) == 0 ? Errno.Success : Errno.InvalidArgument;
            case ItsOffsets.QueueRead:
                return unit.SetReadOffset(value);
            default:
                unit.Write(offset, SizeOf(offset), value);
                return Errno.Success;
        }
    }
}
