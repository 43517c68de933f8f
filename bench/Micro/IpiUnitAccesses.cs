using BenchmarkDotNet.Attributes;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Bench.Micro;

/// <summary>Register accesses of the LoongArch IPI unit, as a sender and a receiver make them.</summary>
public class IpiUnitAccesses
{
    private const uint Vector = 1 << 3;

    private readonly IpiUnit _unit = new(new QuietHost(), LoongArchProfiles.Kvm, vcpu: 0);

    // No constants: the compiler would look up the register once and for all.
    private readonly ulong _status = IpiRegisters.Base + IpiRegisters.Status;
    private readonly ulong _clear = IpiRegisters.Base + IpiRegisters.Clear;
    private readonly ulong _mailbox = IpiRegisters.Base + IpiRegisters.Mailbox0;
    private readonly ulong _send = IpiRegisters.Base + IpiRegisters.IpiSend;
    private readonly ulong _value = 0x8001_0003;

    [Benchmark]
    public ulong ReadStatus()
    {
        _unit.Read(_status, sizeof(uint), out var value);
        return value;
    }

    [Benchmark]
    public ulong ReadMailbox()
    {
        _unit.Read(_mailbox, sizeof(ulong), out var value);
        return value;
    }

    [Benchmark]
    public void WriteMailbox() => _unit.Write(_mailbox, sizeof(ulong), _value, out _);

    [Benchmark]
    public IpiOutcome WriteSend()
    {
        _unit.Write(_send, sizeof(uint), _value, out var rest);
        return rest;
    }

    /// <summary>An interrupt from its raise to its end.</summary>
    [Benchmark]
    public ulong SetReadClear()
    {
        _unit.Set(Vector);
        _unit.Read(_status, sizeof(uint), out var status);
        _unit.Write(_clear, sizeof(uint), status, out _);
        return status;
    }
}
