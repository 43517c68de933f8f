using BenchmarkDotNet.Attributes;
using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Bench.Micro;

/// <summary>Register accesses and inputs of PCH-PIC.</summary>
public class PchPicAccesses
{
    private const int Pin = 16;

    private readonly PchPic _device = new(new QuietHost(), LoongArchProfiles.Kvm);

    // No constants: the compiler would look up the register once and for all.
    private readonly ulong _mask = PchPicRegisters.IntMask;
    private readonly ulong _masked = ulong.MaxValue;
    private readonly ulong _unmasked = ~(1ul << Pin);

    [Benchmark]
    public ulong ReadMask()
    {
        _device.Read(_mask, sizeof(ulong), out var value);
        return value;
    }

    /// <summary>A level interrupt as the driver's flow has it: raised, masked, lowered by its device, unmasked.</summary>
    [Benchmark]
    public void RaiseMaskLowerUnmask()
    {
        _device.Input(Pin, true);
        _device.Write(_mask, sizeof(ulong), _masked);
        _device.Input(Pin, false);
        _device.Write(_mask, sizeof(ulong), _unmasked);
    }
}
