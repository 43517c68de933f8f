using System.Buffers.Binary;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Lpi;
using Trapline.Devices.Arm.Ownership;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Bench.Micro;

/// <summary>One vCPU that takes LPIs, and memory with all of them enabled: what is measured is the ITS alone.</summary>
internal sealed class BoardOfLpis : IGicBoardHost, ILpiTargets, IGuestMemory
{
    private const ulong Properties = 0x0050_0000;
    private const ulong PendingTable = 0x0060_0000;
    private const int Size = 0x0070_0000;

    private readonly byte[] _memory = new byte[Size];
    private Handover _handed;

    public BoardOfLpis() => _memory.AsSpan((int)Properties, InterruptIds.LpiCount).Fill(0xA3);

    public int Vcpus => 1;

    public bool DeliversGroup1 => true;

    public bool Listening => false;

    /// <summary>The CPU has served what it was given last.</summary>
    public void Release(LpiStore lpis) => lpis.Released(0, _handed.InterruptId, _handed.Sequence);

    public void Put(ulong address, ReadOnlySpan<ulong> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            TryWrite(address + ((ulong)i * 8), 8, words[i]);
        }
    }

    public int IndexOf(uint vcpuId) => vcpuId == 0 ? 0 : LpiStore.Nobody;

    public bool LpisEnabled(int vcpu) => true;

    public ulong PropertyBase(int vcpu) => Properties | 0xF;

    public ulong PendingBase(int vcpu) => PendingTable;

    public bool PendingTableIsZero(int vcpu) => true;

    public bool IsRam(ulong address) => address < Size;

    public bool TryRead(ulong address, int bytes, out ulong value)
    {
        value = 0;
        for (var i = bytes - 1; i >= 0 && IsRam(address); i--)
        {
            value = (value << 8) | _memory[(int)address + i];
        }

        return IsRam(address);
    }

    public bool TryRead(ulong address, Span<byte> bytes)
    {
        var isHere = IsRam(address);
        if (isHere)
        {
            _memory.AsSpan((int)address, bytes.Length).CopyTo(bytes);
        }

        return isHere;
    }

    public bool TryWrite(ulong address, int bytes, ulong value)
    {
        if (!IsRam(address))
        {
            return false;
        }

        Span<byte> word = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..bytes].CopyTo(_memory.AsSpan((int)address));
        return true;
    }

    public void Hand(int vcpu, in Handover handover) => _handed = handover;

    public void PublishEnable(uint enabledGroups)
    {
    }

    public void Ended(int interruptId)
    {
    }

    public void CommandDone(int its, uint offset, byte opcode, int result)
    {
    }

    public void DrivePin(int pin, bool level)
    {
    }

    public void ArmTimer(int timer, VirtualTime due)
    {
    }

    public void CancelTimer(int timer)
    {
    }

    public void Report(in DeviceReport report)
    {
    }
}
