using System.Buffers.Binary;
using System.Numerics;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Eiointc;

/// <summary>
/// The 256 vectors of EIOINTC: what is latched, enabled and pending where, and which lines that raises. There is no trigger
/// mode: a low input takes the pending bit back, and a source that only ever says "high" stays latched for good.
/// </summary>
internal sealed class EiointcVectors(
    IDeviceHost host,
    LoongArchProfile profile,
    CpuIdMap cpuIds,
    int vcpus,
    EiointcVirtualExtension extension)
{
    /// <summary>The route of a vector whose interrupts are lost.</summary>
    public const int Nowhere = CpuIdMap.None;

    private const int WordBits = 64;
    private const int Words = Eiointc.Vectors / WordBits;
    private const int WordBytes = sizeof(ulong);
    private const int VectorsPerIpMapByte = 32;
    private const int BitmapTargets = 4;
    private const int WordsPerVcpu = Eiointc.LinesPerVcpu * Words;

    private readonly ulong[] _latched = new ulong[Words];
    private readonly ulong[] _enabled = new ulong[Words];
    private readonly ulong[] _coreMap = new ulong[Eiointc.Vectors / WordBytes];
    private readonly ulong[] _pending = new ulong[vcpus * Words];

    // Which vectors hold a line up: by vCPU, line, word.
    private readonly ulong[] _active = new ulong[vcpus * WordsPerVcpu];

    // Where COREMAP has led so far: a vCPU, or Nowhere.
    private readonly long[] _route = new long[Eiointc.Vectors];
    private ulong _ipMap;

    /// <summary>Stored registers by words of 64 bits. Storing has no effect beyond the storage.</summary>
    public ref ulong IpMap => ref _ipMap;

    public Span<ulong> Latched => _latched;

    public Span<ulong> Enabled => _enabled;

    public Span<ulong> CoreMap => _coreMap;

    public Span<ulong> PendingOf(int vcpu) => _pending.AsSpan(vcpu * Words, Words);

    public int RouteOf(int vector) => (int)_route[vector];

    /// <summary>An input is driven, from PCH-PIC or by a message; equal levels count.</summary>
    public void Input(int vector, bool level)
    {
        var (word, bit) = Place(vector);
        if (!level)
        {
            _latched[word] &= ~bit;
            Lower(vector);
            return;
        }

        _latched[word] |= bit;
        if ((_enabled[word] & bit) == 0)
        {
            Report(ReportKind.Masked, vector, RouteOf(vector));
        }
        else
        {
            Raise(vector);
        }
    }

    /// <summary>Writes ENABLE: what is latched and now enabled appears, then what is now disabled disappears.</summary>
    public void WriteEnable(int word, ulong mask, ulong value)
    {
        var old = _enabled[word];
        _enabled[word] = (old & ~mask) | (value & mask);
        for (var rising = _enabled[word] & ~old & _latched[word]; rising != 0; rising &= rising - 1)
        {
            Raise(VectorOf(word, rising));
        }

        if (profile.EiointcEnableIndexReused)
        {
            DisableByReusedIndex(word, mask, old);
            return;
        }

        for (var falling = old & ~_enabled[word] & _latched[word]; falling != 0; falling &= falling - 1)
        {
            Lower(VectorOf(word, falling));
        }
    }

    /// <summary>
    /// The guest clears pending bits of one vCPU. The latch stays: while the source says "high" only its next "high", or a
    /// change of ENABLE or COREMAP, raises the vector again.
    /// </summary>
    public void Acknowledge(int vcpu, int word, ulong mask)
    {
        var row = PendingOf(vcpu);
        var hit = row[word] & mask;
        row[word] &= ~mask;
        for (; hit != 0; hit &= hit - 1)
        {
            var vector = VectorOf(word, hit);
            Report(ReportKind.Acknowledged, vector, vcpu);
            Lower(vector);
        }
    }

    /// <summary>
    /// Writes COREMAP bytes and moves what they concern. KVM looks at all of the aligned eight bytes since Linux 6.17, so
    /// that neighbours follow a CPU id or an encoding that has changed since they were written.
    /// </summary>
    /// <param name="vector">The first; where KVM rounds a misaligned write down, the register is rounded and this is not.</param>
    /// <param name="size">1, 2, 4 or 8 bytes, a vector each.</param>
    /// <param name="value">The bytes, the first lowest.</param>
    public void WriteCoreMap(int vector, int size, ulong value)
    {
        ref var word = ref _coreMap[vector / WordBytes];
        new EiointcLane(vector, size).Put(ref word, value);
        if (profile.CoreMapMovesWrittenBytesOnly)
        {
            Move(vector, size, value);
        }
        else
        {
            Move(vector & -WordBytes, WordBytes, word);
        }
    }

    /// <summary>Rebuilds what no attribute carries: which vectors hold lines up, and the routes. No line moves.</summary>
    public void FinishLoad(EiointcLoad rule)
    {
        if (rule == EiointcLoad.PendingHoldsLines)
        {
            Array.Clear(_active);
        }

        for (var vector = 0; vector < Eiointc.Vectors; vector++)
        {
            // KVM takes the raw byte for a CPU id, also where it is a bitmap.
            var rawTarget = cpuIds.Find(CoreMapByte(vector));
            for (var vcpu = 0; vcpu < vcpus; vcpu++)
            {
                if (rule == EiointcLoad.PendingHoldsLines || vcpu == rawTarget)
                {
                    CopyPendingToActive(vcpu, vector);
                }
            }

            _route[vector] = Resolve(RouteOf(vector), CoreMapByte(vector));
        }
    }

    public void SyncState(StateSync sync)
    {
        SyncBytes(sync, "IPMAP", new Span<ulong>(ref _ipMap));
        sync.Row("ENABLE64", _enabled);
        sync.Row("ISR64", _latched);
        SyncBytes(sync, "COREMAP", _coreMap);
        sync.Row("route", _route);
        for (var vcpu = 0; vcpu < vcpus; vcpu++)
        {
            sync.Begin("cpu", vcpu);
            sync.Row("COREISR64", PendingOf(vcpu));
            for (var line = 0; line < Eiointc.LinesPerVcpu; line++)
            {
                sync.Begin("HWI", line);
                sync.Row("active64", ActiveOf(vcpu, line));
                sync.End();
            }

            sync.End();
        }

        if (sync.Loading)
        {
            CheckRoutes();
        }
    }

    /// <summary>Registers that are bytes to the guest are bytes in the table too.</summary>
    internal static void SyncBytes(StateSync sync, string name, Span<ulong> words)
    {
        Span<byte> bytes = stackalloc byte[words.Length * WordBytes];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * WordBytes)..], words[i]);
        }

        sync.Row(name, bytes);
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * WordBytes)..]);
        }
    }

    private static (int Word, ulong Bit) Place(int vector) => (vector / WordBits, 1UL << (vector % WordBits));

    private static int VectorOf(int word, ulong bits) => (word * WordBits) + BitOperations.TrailingZeroCount(bits);

    /// <summary>
    /// The input of the CPU that a vector raises. A number over 7 indexes out of KVM's tables; here its upper bits are
    /// dropped.
    /// </summary>
    private int LineOf(int vector)
    {
        var value = (byte)(_ipMap >> (vector / VectorsPerIpMapByte * 8));
        return extension.EncodesPins ? value % Eiointc.LinesPerVcpu : LowestBit(value);
    }

    /// <summary>Of a byte that names by bits: only the lower four count, and none of them means the first.</summary>
    private static int LowestBit(byte value)
    {
        var bit = BitOperations.TrailingZeroCount((uint)value);
        return bit < BitmapTargets ? bit : 0;
    }

    private byte CoreMapByte(int vector) => (byte)(_coreMap[vector / WordBytes] >> (vector % WordBytes * 8));

    /// <summary>The CPU id that a COREMAP byte names, or -1: before Linux 7.0 an empty byte was such an index.</summary>
    private int CpuIdOf(byte value)
    {
        if (extension.EncodesCpus)
        {
            return value;
        }

        return value == 0 && profile.EmptyRouteIsNobody ? -1 : LowestBit(value);
    }

    /// <summary>The route after a COREMAP byte was written.</summary>
    private int Resolve(int current, byte value)
    {
        var id = CpuIdOf(value);
        var found = cpuIds.Find(id);
        return profile.AbsentRoute switch
        {
            // An index past the vCPUs is a wild pointer there; here the interrupt is lost.
            AbsentRoute.NumberIsIndex => (uint)id < (uint)vcpus ? id : Nowhere,
            AbsentRoute.Nowhere => found,
            _ => found == CpuIdMap.None ? current : found,
        };
    }

    /// <summary>
    /// Defect F2: the index of the register, by then that of its first byte, names a register again; where there is none
    /// KVM reads what lies behind its tables, here nothing. And each byte lowers vectors of the first.
    /// </summary>
    private void DisableByReusedIndex(int word, ulong mask, ulong old)
    {
        var bytes = BitOperations.PopCount(mask) / 8;
        var shift = BitOperations.TrailingZeroCount(mask);
        var firstByte = (word * WordBytes) + (shift / 8);
        var first = firstByte * bytes * 8;
        if (first >= Eiointc.Vectors)
        {
            return;
        }

        var (at, lane) = (first / WordBits, first % WordBits);
        var falling = ~(_enabled[at] >> lane) & ((old & mask) >> shift) & (_latched[at] >> lane);
        for (; falling != 0; falling &= falling - 1)
        {
            Lower((firstByte * 8) + (BitOperations.TrailingZeroCount(falling) % 8));
        }
    }

    private void Move(int first, int count, ulong bytes)
    {
        for (var vector = first; vector < first + count; vector++, bytes >>= 8)
        {
            var target = Resolve(RouteOf(vector), (byte)bytes);
            if (target == RouteOf(vector))
            {
                continue;
            }

            if (IsMovedAsPending(vector))
            {
                Lower(vector);
                _route[vector] = target;
                RaiseIfEnabled(vector);
            }
            else
            {
                _route[vector] = target;
            }
        }
    }

    /// <summary>Whether a move takes the vector's interrupt along: its input decides. (QEMU 7.2: that of the first of its four.)</summary>
    private bool IsMovedAsPending(int vector)
    {
        var (word, bit) = Place(profile.RerouteDecidedByFirstVector ? vector & ~3 : vector);
        return (_latched[word] & bit) != 0;
    }

    private void RaiseIfEnabled(int vector)
    {
        var (word, bit) = Place(vector);
        if ((_enabled[word] & bit) != 0)
        {
            Raise(vector);
        }
    }

    /// <summary>An enabled vector becomes pending; its line is driven only by the first that holds it up.</summary>
    private void Raise(int vector)
    {
        var vcpu = RouteOf(vector);
        if (vcpu == Nowhere)
        {
            Report(ReportKind.Raised, vector, vcpu);
            Report(ReportKind.Withdrawn, vector, vcpu);
            return;
        }

        var (word, bit) = Place(vector);
        var line = LineOf(vector);
        var pending = PendingOf(vcpu);
        var active = ActiveOf(vcpu, line);
        Report((pending[word] & bit) == 0 ? ReportKind.Raised : ReportKind.Coalesced, vector, vcpu);
        pending[word] |= bit;
        var isFirst = IsEmpty(active);
        active[word] |= bit;
        if (isFirst)
        {
            host.DrivePin(Eiointc.PinOf(vcpu, line), true);
        }
    }

    /// <summary>A vector is pending no more, enabled or not; its line is driven low whenever nothing holds it, also if nothing did.</summary>
    private void Lower(int vector)
    {
        var vcpu = RouteOf(vector);
        if (vcpu == Nowhere)
        {
            return;
        }

        var (word, bit) = Place(vector);
        var line = LineOf(vector);
        var pending = PendingOf(vcpu);
        var active = ActiveOf(vcpu, line);
        if ((pending[word] & bit) != 0)
        {
            Report(ReportKind.Withdrawn, vector, vcpu);
            pending[word] &= ~bit;
        }

        active[word] &= ~bit;
        if (IsEmpty(active))
        {
            host.DrivePin(Eiointc.PinOf(vcpu, line), false);
        }
    }

    private static bool IsEmpty(ReadOnlySpan<ulong> active) => (active[0] | active[1] | active[2] | active[3]) == 0;

    private Span<ulong> ActiveOf(int vcpu, int line) => _active.AsSpan((vcpu * WordsPerVcpu) + (line * Words), Words);

    private void CopyPendingToActive(int vcpu, int vector)
    {
        var (word, bit) = Place(vector);
        ref var active = ref ActiveOf(vcpu, LineOf(vector))[word];
        active = (active & ~bit) | (PendingOf(vcpu)[word] & bit);
    }

    private void CheckRoutes()
    {
        for (var vector = 0; vector < Eiointc.Vectors; vector++)
        {
            if (_route[vector] < Nowhere || _route[vector] >= vcpus)
            {
                throw new StateFormatException($"row 'route[{vector}]': {_route[vector]} is none of the {vcpus} vCPUs");
            }
        }
    }

    private void Report(ReportKind kind, int vector, int vcpu)
    {
        if (host.Listening)
        {
            host.Report(new DeviceReport(kind, vector, (ulong)vcpu));
        }
    }
}
