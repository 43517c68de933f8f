using BenchmarkDotNet.Attributes;
using Trapline.Devices.LoongArch.Ipi;

namespace Trapline.Bench.Micro;

/// <summary>Register accesses of the LoongArch IPI unit, as a sender and a receiver make them.</summary>
public class IpiUnitAccesses
{
    private const uint Vector = 1 << 3;

    private readonly IpiUnit _unit = new(new QuietHost());

    // No constants: the compiler would look up the register once and for all.
    private readonly ulong _status = IpiRegisters.Base + IpiRegisters.Status;
    private readonly ulong _clear = IpiRegisters.Base + IpiRegisters.Clear;
    private readonly ulong _mailbox = IpiRegisters.Base + IpiRegisters.Mailbox0;
    private readonly ulong _send = IpiRegisters.Base + IpiRegisters.IpiSend;
    private readonly ulong _value = 0x8001_0003;

    [Benchmark]
    public ulong ReadStatus() => _unit.Read(_status, sizeof(uint));

    [Benchmark]
    public ulong ReadMailbox() => _unit.Read(_mailbox, sizeof(ulong));

    [Benchmark]
    public void WriteMailbox() => _unit.Write(_mailbox, sizeof(ulong), _value);

    [Benchmark]
    public IpiOutcome WriteSend() => _unit.Write(_send, sizeof(uint), _value);

    /// <summary>An interrupt from its raise to its end.</summary>
    [Benchmark]
    public ulong SetReadClear()
    {
        _unit.Set(Vector);
        var status = _unit.Read(_status, sizeof(uint));
        _unit.Write(_clear, sizeof(uint), status);
        return status;
    }
}
