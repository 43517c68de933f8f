using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.PchPic;

/// <summary>
/// PCH-PIC, the interrupt controller of the 7A1000 bridge: 64 input pins, each of which becomes an input of EIOINTC.
/// Linux KVM: arch/loongarch/kvm/intc/pch_pic.c; QEMU: hw/intc/loongarch_pch_pic.c. Where they differ, the profile
/// decides.
/// </summary>
/// <remarks>
/// Its outputs are numbered as the vectors of EIOINTC. Reports name the input pin; the detail is the vector that was
/// driven. A request that the device lowers is <see cref="ReportKind.Ended"/> if it was sent, else
/// <see cref="ReportKind.Withdrawn"/>.
/// </remarks>
public sealed partial class PchPic
{
    public const int Pins = 64;

    /// <summary>Bytes that Linux KVM claims on its MMIO bus.</summary>
    public const ulong WindowSize = 0x3E8;

    /// <summary>Bytes that QEMU maps.</summary>
    internal const ulong LargestWindow = 0x1000;

    private const int NoLine = -1;

    /// <summary>Linux numbers the vectors of so many pins at reset, and leaves the others 0.</summary>
    private const int PinsSetAtReset = 32;

    /// <summary>Identity 7 and version 1, as the manual has them in bits 31:24 and 39:32.</summary>
    private const ulong Identity = (0x07UL << 24) | (1UL << 32);
    private const int PinCountShift = 48;

    private readonly IDeviceHost _host;
    private readonly LoongArchProfile _profile;

    private readonly byte[] _route = new byte[Pins];
    private readonly byte[] _vector = new byte[Pins];
    private ulong _mask;
    private ulong _htmsiEnable;
    private ulong _edge;
    private ulong _autoControl0;
    private ulong _autoControl1;
    private ulong _polarity;
    private ulong _requested;
    private ulong _inService;

    /// <summary>Pins as they were last driven: what an edge detector compares with.</summary>
    private ulong _levels;

    private bool _isPlaced;
    private ulong _base;

    public PchPic(IDeviceHost host, LoongArchProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _host = host;
        _profile = profile;
        Reset();
    }

    /// <summary>Where user space has put the device, or null: then no guest reaches it.</summary>
    public ulong? Base
    {
        get => _isPlaced ? _base : null;
        internal set => (_isPlaced, _base) = (value is not null, value ?? 0);
    }

    /// <summary>Pins whose request was not sent: a mask holds it back.</summary>
    public ulong Unsent => _requested & ~_inService;

    private ulong Id => Identity | ((ulong)(_profile.PicAdvertisedPins - 1) << PinCountShift);

    /// <summary>Whether the whole access lies in the device's window. Only such accesses may be made.</summary>
    public bool Covers(ulong offset, int size) => offset < _profile.PicWindow && (ulong)size <= _profile.PicWindow - offset;

    /// <summary>
    /// Whether KVM counts the access in pch_pic_read_exits or pch_pic_write_exits of the vCPU: a misaligned one is
    /// refused before, one to an unknown register is counted.
    /// </summary>
    public bool IsCounted(ulong offset, int size) => Decode(offset, size).ReachesDevice;

    /// <summary>Reads a register.</summary>
    /// <param name="offset">From the base of the device.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">Extended to 64 bits as <see cref="LoongArchProfile.NarrowRead"/> says; 0 for a refused read.</param>
    public AccessOutcome Read(ulong offset, int size, out ulong value)
    {
        var access = Decode(offset, size);
        value = 0;
        if (!access.ReachesDevice || !TryRead(access.Register, out var register))
        {
            return Refuse(access.Kind, offset, size, isWrite: false);
        }

        // Before Linux 6.18 the driver's way of asking for the number of pins, the word at +4, gave the identity.
        var repeats = access.Register == PchPicRegisters.IntId && _profile.PicIdWordRepeats;
        value = _profile.NarrowRead.OfPchPic(repeats ? register : (register & access.Mask) >> access.Shift, size);
        return AccessOutcome.Done;
    }

    /// <summary>Writes a register.</summary>
    /// <param name="offset">From the base of the device.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The whole source register: before Linux 6.18 a narrow write takes more of it than its width.</param>
    public AccessOutcome Write(ulong offset, int size, ulong value)
    {
        var access = Decode(offset, size);
        var done = access.Kind switch
        {
            PchPicAccessKind.Whole => TryWrite(access.Register, access.Mask, value << access.Shift),
            PchPicAccessKind.Halves => TryWrite(access.Register, uint.MaxValue, value) && TryWrite(access.Register, ~(ulong)uint.MaxValue, value),
            _ => false,
        };
        return done ? AccessOutcome.Done : Refuse(access.Kind, offset, size, isWrite: true);
    }

    /// <summary>A device drives a pin. Equal levels are told too: a level-triggered pin driven high again is sent again.</summary>
    public void Input(int pin, bool level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pin);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pin, Pins);
        var bit = 1UL << pin;
        if ((_edge & bit) != 0)
        {
            InputEdge(bit, level);
        }
        else
        {
            InputLevel(bit, level);
        }

        _levels = level ? _levels | bit : _levels & ~bit;
    }

    /// <summary>All state, as rows without side effects: after loading, no pin is driven.</summary>
    public void SyncState(StateSync sync)
    {
        sync.Row("INT_MASK", ref _mask);
        sync.Row("HTMSI_EN", ref _htmsiEnable);
        sync.Row("EDGE", ref _edge);
        sync.Row("AUTO_CTRL0", ref _autoControl0);
        sync.Row("AUTO_CTRL1", ref _autoControl1);
        sync.Row("ROUTE_ENTRY", _route);
        sync.Row("HTMSI_VECTOR", _vector);
        sync.Row("INT_IRR", ref _requested);
        sync.Row("INT_ISR", ref _inService);
        sync.Row("POLARITY", ref _polarity);
        sync.Row("levels", ref _levels);
        sync.Row("placed", ref _isPlaced);
        sync.Row("base", ref _base);
    }

    /// <summary>Row D17.</summary>
    private void Reset()
    {
        switch (_profile.PicReset)
        {
            case PicReset.Unmasked:
                // Linux before 6.18 only cleared the memory: nothing is masked, and ROUTE_ENTRY reads 1 all the same.
                return;
            case PicReset.Masked:
                _route.AsSpan().Fill(1);
                break;
            default:
                for (var pin = 0; pin < PinsSetAtReset; pin++)
                {
                    _route[pin] = 1;
                    _vector[pin] = (byte)pin;
                }

                break;
        }

        _mask = ulong.MaxValue;
    }

    private PchPicAccess Decode(ulong offset, int size) => size is 1 or 2 or 4 or 8 && Covers(offset, size)
        ? PchPicAccess.Decode(_profile.PicWidths, (int)offset, size)
        : throw new ArgumentOutOfRangeException(nameof(offset), $"{size} bytes at +0x{offset:x} are not an access to PCH-PIC: ask Covers first");

    /// <summary>Row D5.</summary>
    private AccessOutcome Refuse(PchPicAccessKind kind, ulong offset, int size, bool isWrite)
    {
        Report(ReportKind.Refused, NoLine, AccessDetail.Of(offset, size, isWrite));
        return kind == PchPicAccessKind.Faulting ? AccessOutcome.Fault : _profile.OutcomeOfRejected();
    }

    private void Report(ReportKind kind, int line, ulong detail)
    {
        if (_host.Listening)
        {
            _host.Report(new DeviceReport(kind, line, detail));
        }
    }
}
