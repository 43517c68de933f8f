using System.Buffers.Binary;
using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Devices.LoongArch.Timer;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>The ioctls of a LoongArch vCPU's file.</summary>
public sealed partial class LoongArchVcpu
{
    private const int ExceptionShift = 16;

    private static readonly ulong CpuIdRegister = OneRegister.OfCsr(Csr.CpuId);

    protected override int? ServeIoctl(in Message request, out ulong value)
    {
        value = 0;
        switch (IoctlMessage.Ioctl(in request))
        {
            case KvmIoctl.GetOneRegister:
                return _uapi.GetOneRegister(request.Word1, Now, out value);
            case KvmIoctl.SetOneRegister when request.Word1 == CpuIdRegister:
                // The map of ids is the VM's.
                Send(_boundary, MessageKind.AssignCpuId, (ulong)Settings.Index, request.Word2);
                return null;
            case KvmIoctl.SetOneRegister when request.Word1 == OneRegister.Counter && !IsMigratable:
                // The offset is a row only where a VM can have another one than 0.
                return Errno.InvalidArgument;
            case KvmIoctl.SetOneRegister:
                var result = _uapi.SetOneRegister(request.Word1, request.Word2, Now);
                InterruptWanted = _interrupts.WantsInterrupt;
                Observer?.Replaced(this);
                return request.Word1 == OneRegister.Counter && TryPublishCounter() ? null : result;
            case KvmIoctl.HasVcpuAttribute:
                return _attributes.Has(IoctlMessage.Upper(in request), request.Word1);
            case KvmIoctl.GetVcpuAttribute:
                Span<byte> read = stackalloc byte[sizeof(ulong)];
                var got = _attributes.Get(IoctlMessage.Upper(in request), request.Word1, read[..Readable(in request)]);
                value = got == Errno.Success ? BinaryPrimitives.ReadUInt64LittleEndian(read) : 0;
                return got;
            case KvmIoctl.SetVcpuAttribute:
                Span<byte> written = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(written, request.Word2);
                return _attributes.Set(IoctlMessage.Upper(in request), request.Word1, written[..Readable(in request)]);
            default:
                return Errno.NotTypewriter;
        }
    }

    /// <summary>The counter of a VM starts at 0 when it is created (arch/loongarch/kvm/vm.c, kvm_arch_init_vm).</summary>
    protected override void Created(VirtualTime vmCreated) => _timer.CounterOffset = unchecked(0 - _timer.HostCounter(vmCreated));

    /// <summary>The VM has gone, and with it who has which id. KVM's statistics stay, as those of the vCPU's thread.</summary>
    protected override void Destroyed()
    {
        CancelTimer(ConstantTimer.ExpiryTimer);
        StateWords.Copy(NewCsrs().SyncState, _csrs.SyncState);
        StateWords.Copy(new StealTime().SyncState, _stealTime.SyncState);
        _timer.CounterOffset = 0;
        _cpuIds.Clear();
        _features.Reset();
        _targets = default;
        ForgetCounterCopies();
        Array.Fill(_origins, VirtualTime.Never.Picoseconds);
        Array.Clear(_sources);
        InterruptWanted = false;
    }

    /// <summary>ESTAT is its lines, queued ones with them: they are flushed into it on the way.</summary>
    protected override void SyncControlRegisters(StateSync sync)
    {
        ulong lines = Lines;
        sync.Row("ESTAT.IS", ref lines);
        var exception = _interrupts.ReadCsr(Csr.Estat) >> ExceptionShift;
        sync.Row("ESTAT.Ecode", ref exception);
        var counter = _timer.VmCounter(Now);
        sync.Row("COUNTER", ref counter);
        foreach (var name in CsrNames.All)
        {
            if (name is "ESTAT" or "TICLR" || !CsrNames.TryParse(name, out var number))
            {
                continue;
            }

            // The timer stands still: reading it makes nothing happen.
            var value = _csrs.ReadCsr(number, Now);
            sync.Row(name, ref value);
        }

        var stealTime = _stealTime.Address;
        sync.Row("STEAL_TIME", ref stealTime);
    }

    protected override void LeftRun() => _csrs.LeaveRun(Now);

    protected override int QueueInterrupt(int number) => _uapi.Interrupt(number);

    /// <summary>Bytes at the user pointer, of which no attribute has more than eight.</summary>
    private static int Readable(in Message request) => (int)Math.Min(request.Word3, sizeof(ulong));

    protected override void SetFeatures(ulong word)
    {
        if (_features.Set(word) != Errno.Success)
        {
            throw new SimulationException($"{Address} cannot take over the paravirtual features 0x{word:x} at {Now}: its copy differs from the VM's");
        }
    }

    protected override void SetPhysicalId(ulong id) => _interrupts.PhysicalId = id;

    protected override void CpuIdAssigned(int result)
    {
        if (result == Errno.Success)
        {
            _interrupts.PhysicalId = OpenIoctl.Word2;
        }

        CompleteIoctl(result);
    }
}
