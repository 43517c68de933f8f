using System.Buffers.Binary;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.LoongArch.PchPic;

/// <content>What each register reads and takes.</content>
public sealed partial class PchPic
{
    /// <summary>What KVM's device attribute reads: the stored value, whatever the guest may read.</summary>
    internal ulong ReadStored(int register) => register switch
    {
        >= PchPicRegisters.RouteEntry and < PchPicRegisters.RouteEntryEnd => _route[register - PchPicRegisters.RouteEntry],
        >= PchPicRegisters.HtmsiVector and < PchPicRegisters.HtmsiVectorEnd => _vector[register - PchPicRegisters.HtmsiVector],
        _ => Register(register),
    };

    /// <summary>Stores a register as KVM's device attribute does: no pin is driven, nothing is evaluated again.</summary>
    internal void WriteStored(int register, ulong value)
    {
        switch (register)
        {
            case >= PchPicRegisters.RouteEntry and < PchPicRegisters.RouteEntryEnd:
                _route[register - PchPicRegisters.RouteEntry] = (byte)value;
                break;
            case >= PchPicRegisters.HtmsiVector and < PchPicRegisters.HtmsiVectorEnd:
                _vector[register - PchPicRegisters.HtmsiVector] = (byte)value;
                break;
            default:
                Register(register) = value;
                break;
        }
    }

    private static ulong Merge(ulong old, ulong mask, ulong value) => (old & ~mask) | (value & mask);

    private static ulong ReadTable(ReadOnlySpan<byte> table) => BinaryPrimitives.ReadUInt64LittleEndian(table);

    private static void WriteTable(Span<byte> table, ulong mask, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(table, Merge(ReadTable(table), mask, value));

    private ref ulong Register(int register)
    {
        switch (register)
        {
            case PchPicRegisters.IntMask:
                return ref _mask;
            case PchPicRegisters.HtmsiEnable:
                return ref _htmsiEnable;
            case PchPicRegisters.Edge:
                return ref _edge;
            case PchPicRegisters.AutoControl0:
                return ref _autoControl0;
            case PchPicRegisters.AutoControl1:
                return ref _autoControl1;
            case PchPicRegisters.IntIrr:
                return ref _requested;
            case PchPicRegisters.IntIsr:
                return ref _inService;
            case PchPicRegisters.Polarity:
                return ref _polarity;
            default:
                throw new ArgumentOutOfRangeException(nameof(register), $"+0x{register:x} is no register of 64 bits");
        }
    }

    private bool TryRead(int register, out ulong value)
    {
        value = 0;
        if (IsConstant(register))
        {
            value = register == PchPicRegisters.Polarity ? 0UL : 0x0101_0101_0101_0101;
            return true;
        }

        switch (register)
        {
            case PchPicRegisters.IntId:
                value = Id;
                return true;
            case PchPicRegisters.IntMask:
            case PchPicRegisters.HtmsiEnable:
            case PchPicRegisters.Edge:
            case PchPicRegisters.Polarity:
                value = Register(register);
                return true;
            case PchPicRegisters.AutoControl0:
            case PchPicRegisters.AutoControl1:
                // The modes that distribute interrupts over several outputs are emulated nowhere.
                return true;
            case >= PchPicRegisters.RouteEntry and < PchPicRegisters.RouteEntryEnd:
                value = ReadTable(_route.AsSpan(register - PchPicRegisters.RouteEntry));
                return true;
            case >= PchPicRegisters.HtmsiVector and < PchPicRegisters.HtmsiVectorEnd:
                value = ReadTable(_vector.AsSpan(register - PchPicRegisters.HtmsiVector));
                return true;
            case PchPicRegisters.IntIrr:
            case PchPicRegisters.IntIsr:
                return TryReadState(register, out value);
            default:
                return false;
        }
    }

    /// <summary>Row D20.</summary>
    private bool TryReadState(int register, out ulong value)
    {
        var isInService = register == PchPicRegisters.IntIsr;
        value = _profile.PicReadable switch
        {
            PicReadable.Both => isInService ? _inService : _requested,
            PicReadable.InServiceUnmasked => isInService ? _inService & ~_mask : 0,
            _ => 0,
        };
        return _profile.PicReadable == PicReadable.Both || (_profile.PicReadable == PicReadable.InServiceUnmasked && isInService);
    }

    private bool TryWrite(int register, ulong mask, ulong value)
    {
        switch (register)
        {
            case PchPicRegisters.IntMask:
                WriteMask(Merge(_mask, mask, value));
                return true;
            case PchPicRegisters.Clear:
                Clear(value & mask);
                return true;
            case PchPicRegisters.HtmsiEnable:
            case PchPicRegisters.Edge:
                Register(register) = Merge(Register(register), mask, value);
                return true;
            case PchPicRegisters.Polarity:
                _polarity = IsConstant(register) ? 0 : Merge(_polarity, mask, value);
                return true;
            case PchPicRegisters.AutoControl0:
            case PchPicRegisters.AutoControl1:
                return true;
            case >= PchPicRegisters.HtmsiVector and < PchPicRegisters.HtmsiVectorEnd:
                WriteTable(_vector.AsSpan(register - PchPicRegisters.HtmsiVector), mask, value);
                return true;
            case >= PchPicRegisters.RouteEntry and < PchPicRegisters.RouteEntryEnd:
            case PchPicRegisters.IntIsr:
                return TryWriteRouteOrService(register, mask, value);
            default:
                return false;
        }
    }

    /// <summary>Row D19. KVM ignores a write to ROUTE_ENTRY and refuses one to INT_ISR.</summary>
    private bool TryWriteRouteOrService(int register, ulong mask, ulong value)
    {
        var isRoute = register < PchPicRegisters.RouteEntryEnd;
        if (!_profile.PicRouteAndServiceWritable)
        {
            return isRoute;
        }

        if (isRoute)
        {
            WriteTable(_route.AsSpan(register - PchPicRegisters.RouteEntry), mask, value);
        }
        else
        {
            // QEMU stores it and drives no pin.
            _inService = Merge(_inService, mask, value);
        }

        return true;
    }

    private bool IsConstant(int register) => _profile.PicRouteAndPolarityConstant
        && register is PchPicRegisters.Polarity or (>= PchPicRegisters.RouteEntry and < PchPicRegisters.RouteEntryEnd);
}
