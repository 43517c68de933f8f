using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// The steal-time record of one vCPU: 64 bytes of guest memory in which the host says how long the vCPU waited for a CPU
/// (Linux arch/loongarch/kvm/vcpu.c, kvm_update_stolen_time). The reader takes what it read if the version was even, and the same
/// before and after.
/// </summary>
public sealed class StealTime
{
    /// <summary>Bits 5:1 of the address: the record is aligned to 64 bytes, bit 0 says that there is one.</summary>
    private const ulong ReservedBits = 0x3E;
    private const ulong Valid = 1;

    private const int StealOffset = 0;
    private const int VersionOffset = 8;
    private const int PreemptedOffset = 16;

    private ulong _address;
    private ulong _lastRunDelay;
    private bool _updateWanted;

    /// <summary>As the guest or user space gave it: bit 0 says whether there is a record.</summary>
    public ulong Address => _address;

    /// <summary>The record is to be written at the next guest entry.</summary>
    public bool UpdateWanted => _updateWanted;

    /// <summary>Takes the address of a record, which is not looked at: a bad one makes updates fail, silently.</summary>
    /// <param name="address">With bit 0 clear, updates stop.</param>
    /// <returns>False if it has bits that an address cannot have; then nothing changes.</returns>
    /// <param name="runDelay">How long the vCPU has waited for a CPU so far: what counts starts here.</param>
    public bool TryRegister(ulong address, VirtualTime runDelay = default)
    {
        if ((address & ReservedBits) != 0)
        {
            return false;
        }

        _address = address;
        _updateWanted = (address & Valid) != 0;
        if (_updateWanted)
        {
            _lastRunDelay = Nanoseconds(runDelay);
        }

        return true;
    }

    /// <summary>The vCPU's thread has a CPU again: the record is written before the guest runs.</summary>
    public void RequestUpdate() => _updateWanted = (_address & Valid) != 0;

    /// <summary>KVM_REG_LOONGARCH_VCPU_RESET.</summary>
    public void Reset()
    {
        _address = 0;
        _updateWanted = false;
    }

    /// <summary>Writes the record; to be called at a guest entry where <see cref="UpdateWanted"/>.</summary>
    /// <param name="memory">The guest's.</param>
    /// <param name="runDelay">How long the vCPU has waited for a CPU so far.</param>
    /// <param name="clearsPreempted">The guest is told of preemption.</param>
    public void Update(IStealTimeMemory memory, VirtualTime runDelay, bool clearsPreempted)
    {
        ArgumentNullException.ThrowIfNull(memory);
        _updateWanted = false;
        var record = _address & ~(ReservedBits | Valid);
        if (!memory.TryRead(record + VersionOffset, sizeof(uint), out var version)
            || !memory.TryRead(record + StealOffset, sizeof(ulong), out var steal)
            || !memory.TryRead(record + PreemptedOffset, 1, out _))
        {
            return;
        }

        if (clearsPreempted)
        {
            memory.Write(record + PreemptedOffset, 1, 0);
        }

        // What is there at the first write can be left over from anything; an odd number would never become even.
        version += version & 1;
        memory.Write(record + VersionOffset, sizeof(uint), (uint)(version + 1));
        var now = Nanoseconds(runDelay);
        memory.Write(record + StealOffset, sizeof(ulong), unchecked(steal + (now - _lastRunDelay)));
        _lastRunDelay = now;
        memory.Write(record + VersionOffset, sizeof(uint), (uint)(version + 2));
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("steal time address", ref _address);
        sync.Row("steal time last", ref _lastRunDelay);
        sync.Row("steal time wanted", ref _updateWanted);
    }

    private static ulong Nanoseconds(VirtualTime span) => (ulong)span.Picoseconds / VirtualTime.PerNanosecond;
}
