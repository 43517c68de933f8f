using System.Runtime.InteropServices;
using Trapline.Actors.Boundary;
using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Vcpus;

/// <summary>The vCPU's half of the userspace/kernel boundary: the ioctls of its file.</summary>
public abstract partial class VcpuActor
{
    // Inside KVM_RUN the vCPU's mutex is taken: all but KVM_INTERRUPT wait until it returns.
    private readonly RequestQueue _ioctls = new();

    // A call that waits for another actor; kind None where none does.
    private Message _openIoctl;
    private bool _exists;

    private bool InRunIoctl => _phase is not (VcpuPhase.Stopped or VcpuPhase.Paused) && !(_phase == VcpuPhase.AwaitingAnswer && !IsInKernel(_exitTarget));

    /// <summary>Serves an ioctl of the vCPU's file.</summary>
    /// <param name="request">Words as <see cref="IoctlMessage"/> says.</param>
    /// <param name="value">What it writes back.</param>
    /// <returns>0 or a negative errno; null where <see cref="CompleteIoctl"/> will end it.</returns>
    protected abstract int? ServeIoctl(in Message request, out ulong value);

    /// <summary>KVM_CREATE_VCPU.</summary>
    /// <param name="vmCreated">When the VM was.</param>
    protected abstract void Created(VirtualTime vmCreated);

    /// <summary>The VM has gone: the architecture's own state is that of a vCPU that was never created.</summary>
    protected abstract void Destroyed();

    /// <summary>KVM_RUN has returned, and the vCPU is out of the guest until it is called again.</summary>
    protected abstract void LeftRun();

    /// <summary>KVM_INTERRUPT.</summary>
    /// <param name="number">Positive: the line is queued; negative: its fall is.</param>
    /// <returns>0 or a negative errno.</returns>
    protected abstract int QueueInterrupt(int number);

    /// <summary>Ends a call that waited for another actor.</summary>
    protected void CompleteIoctl(int result)
    {
        if (_openIoctl.Kind == MessageKind.None)
        {
            throw new SimulationException($"{Address} gets the end of an ioctl at {Now} that it did not begin");
        }

        Send(_openIoctl.Source, MessageKind.IoctlAnswer, (ulong)(long)result);
        _openIoctl = default;
        ServeIoctls();
    }

    /// <summary>The call that waits for another actor.</summary>
    protected ref readonly Message OpenIoctl => ref _openIoctl;

    private void TakeIoctl(in Message request)
    {
        if (_exists && IoctlMessage.Ioctl(in request) == KvmIoctl.Interrupt)
        {
            Interrupt(in request);
            return;
        }

        _ioctls.Add(in request);
        ServeIoctls();
    }

    private void Interrupt(in Message request)
    {
        var number = (int)(uint)request.Word1;
        var result = QueueInterrupt(number);
        var cost = VirtualTime.Zero;
        var bill = default(CostBill);
        if (result == Errno.Success)
        {
            var phase = _phase;
            cost = Kick(level: number > 0, Now, out var kind);
            bill = CostBill.Once(kind);
            NoteLines(request.Source);
            if (cost > VirtualTime.Zero)
            {
                NoteKick(phase);
            }
        }

        Send(request.Source, MessageKind.IoctlAnswer, (ulong)(long)result, 0, (ulong)cost.Picoseconds, bill.Packed);
    }

    private void ServeIoctls()
    {
        while (!InRunIoctl && _openIoctl.Kind == MessageKind.None && _ioctls.TryTake(out var request))
        {
            ulong value = 0;
            _openIoctl = request;
            var result = !_exists ? Errno.BadFile : TryServeRegister(in request, out value) ?? ServeIoctl(in request, out value);
            if (result is { } known)
            {
                _openIoctl = default;
                Send(request.Source, MessageKind.IoctlAnswer, (ulong)(long)known, value);
            }
        }
    }

    /// <summary>KVM_CREATE_VCPU, or the end of the VM: then the vCPU stops wherever it is.</summary>
    private void ChangeLife(in Message message)
    {
        _exists = message.Word0 != 0;
        _phase = VcpuPhase.Stopped;
        _next = VirtualTime.Never;
        _kickAt = VirtualTime.Never;
        if (_exists)
        {
            SetInitialRegisters();
            Created(new VirtualTime((long)message.Word2));
        }
        else
        {
            Forget();
            Destroyed();
        }

        Observer?.Replaced(this);

        if (_exists && message.Word1 != 0)
        {
            Send(message.Source, MessageKind.LifeAnswer);
        }

        ServeIoctls();
    }

    private void SyncIoctls(StateSync sync)
    {
        sync.Begin("ioctls");
        _ioctls.SyncState(sync, this);
        sync.Begin("open");
        sync.Row("word", MemoryMarshal.Cast<Message, ulong>(MemoryMarshal.CreateSpan(ref _openIoctl, 1)));
        sync.End();
        sync.Row("exists", ref _exists);
        sync.End();
        if (sync.Loading && _openIoctl.Kind != MessageKind.None)
        {
            CheckRequest("open", in _openIoctl);
        }
    }
}
