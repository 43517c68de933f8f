using System.Buffers.Binary;
using Trapline.Devices.Common;
using R = Trapline.Devices.Arm.Cpu.SgiFrameRegisters;

namespace Trapline.Devices.Arm.Cpu;

/// <content>The SGI frame of the vCPU's redistributor. It is about this vCPU, whoever accesses it.</content>
public sealed partial class GicCpu
{
    /// <summary>Reads a register as the guest does.</summary>
    /// <param name="offset">In the frame.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="value">Zero-extended; 0 where nothing can be read like this.</param>
    /// <returns>Always <see cref="AccessOutcome.Done"/>: KVM and QEMU answer what they refuse with 0.</returns>
    public AccessOutcome ReadFrame(ulong offset, int size, out ulong value)
    {
        value = 0;
        if (IsPriority(offset, size))
        {
            for (var i = size - 1; i >= 0; i--)
            {
                value = (value << 8) | _private.Priorities[(int)(offset - R.Priority) + i];
            }
        }
        else if (size == sizeof(uint) && TryReadWord(offset, out var word))
        {
            value = word;
        }
        else
        {
            Refuse(offset, size, 0, isWrite: false);
        }

        return AccessOutcome.Done;
    }

    /// <summary>Writes a register as the guest does.</summary>
    /// <param name="offset">In the frame.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="value">Bits above the width are ignored.</param>
    /// <returns>Always <see cref="AccessOutcome.Done"/>.</returns>
    public AccessOutcome WriteFrame(ulong offset, int size, ulong value)
    {
        if (IsPriority(offset, size))
        {
            WritePriorities((int)(offset - R.Priority), size, (uint)value);
        }
        else if (size != sizeof(uint) || !TryWriteWord(offset, (uint)value))
        {
            Refuse(offset, size, value, isWrite: true);
        }

        Refresh();
        return AccessOutcome.Done;
    }

    /// <summary>A word for user space: 0 where there is none, and no report.</summary>
    internal void ReadFrameSilently(ulong offset, out uint value)
    {
        value = 0;
        if (IsPriority(offset, sizeof(uint)))
        {
            value = BinaryPrimitives.ReadUInt32LittleEndian(_private.Priorities[(int)(offset - R.Priority)..]);
        }
        else
        {
            TryReadWord(offset, out value);
        }
    }

    /// <inheritdoc cref="ReadFrameSilently"/>
    internal void WriteFrameSilently(ulong offset, uint value)
    {
        if (IsPriority(offset, sizeof(uint)))
        {
            WritePriorities((int)(offset - R.Priority), sizeof(uint), value);
        }
        else if (offset == R.ClearActive)
        {
            _private.Active &= ~value;
        }
        else
        {
            TryWriteWord(offset, value);
        }
    }

    private static bool IsPriority(ulong offset, int size) =>
        offset is >= R.Priority and < R.PriorityEnd && size is 1 or sizeof(uint) && offset % (uint)size == 0;

    /// <summary>One word of ICFGR: two bits an INTID, the upper one for edge-triggered.</summary>
    private static uint SpreadConfiguration(uint edge)
    {
        ulong spread = 0;
        for (var i = 0; i < 16; i++)
        {
            spread |= (ulong)((edge >> i) & 1) << ((2 * i) + 1);
        }

        return (uint)spread;
    }

    private static uint GatherConfiguration(uint word)
    {
        uint edge = 0;
        for (var i = 0; i < 16; i++)
        {
            edge |= ((word >> ((2 * i) + 1)) & 1) << i;
        }

        return edge;
    }

    private bool TryReadWord(ulong offset, out uint word)
    {
        (var isKnown, word) = offset switch
        {
            R.Group => (true, _private.Group1),
            R.SetEnable or R.ClearEnable => (true, _private.Enabled),
            R.SetPending or R.ClearPending => (true, _private.Pending),
            R.SetActive or R.ClearActive => (true, _private.Active),
            R.SgiConfiguration => (true, SpreadConfiguration(_private.Edge & PrivateInterrupts.Sgis)),
            R.PpiConfiguration => (true, SpreadConfiguration(_private.Edge >> InterruptIds.FirstPpi)),
            R.GroupModifier or R.NonSecureAccess => (true, 0u),
            _ => (false, 0u),
        };
        return isKnown;
    }

    private bool TryWriteWord(ulong offset, uint value)
    {
        switch (offset)
        {
            case R.Group:
                _private.Group1 = (_distributorGroups & GroupsFixed) == 0 ? value : uint.MaxValue;
                break;
            case R.SetEnable:
                _private.Enabled |= value;
                break;
            case R.ClearEnable:
                _private.Enabled &= ~value;
                break;
            case R.SetPending:
                SetPrivatePending(value);
                break;
            case R.ClearPending:
                ClearPrivatePending(value);
                break;
            case R.SetActive:
                _private.Active |= value;
                break;
            case R.ClearActive:
                DeactivatePrivate(value);
                break;
            case R.PpiConfiguration when _profile.PpiConfigWritable:
                _private.Edge = GatherConfiguration(value) << InterruptIds.FirstPpi;
                break;
            case R.SgiConfiguration or R.PpiConfiguration or R.GroupModifier or R.NonSecureAccess:
                break;
            default:
                return false;
        }

        return true;
    }

    private void ClearPrivatePending(uint bits)
    {
        var before = _private.Pending;
        _private.Latched &= ~bits;
        ReportPrivate(before, 0);
    }

    private void WritePriorities(int first, int count, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        for (var i = 0; i < count; i++)
        {
            _private.Priorities[first + i] = (byte)(bytes[i] & _profile.PriorityMask);
        }
    }

    private void Refuse(ulong offset, int size, ulong value, bool isWrite)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(ReportKind.Refused, 0, AccessDetail.Of(offset, size, isWrite), value));
        }
    }
}
