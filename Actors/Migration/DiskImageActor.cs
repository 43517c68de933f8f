using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Migration;

/// <summary>
/// The disk image of a VM, on storage that both hosts reach. Its lock is the one authority over which host may run the VM: a
/// host that cannot reach the other one asks here, and so never both run it, and never neither. As QEMU's image locking does it
/// (block.c: bdrv_inactivate at the source, bdrv_activate at the destination).
/// </summary>
public sealed class DiskImageActor : Actor
{
    // Number of the host plus one; 0 while nobody holds it.
    private int _holder;

    /// <param name="owner">The host that has it at first.</param>
    public DiskImageActor(int owner)
        : base(new ActorAddress(0, ActorRole.DiskImage, 0)) => _holder = owner + 1;

    /// <summary>The host that may run the VM; -1 while it is being handed over.</summary>
    public int Holder => _holder - 1;

    protected override void Handle(in Message message)
    {
        if (message.Kind != MessageKind.ImageLock)
        {
            throw Unexpected(in message);
        }

        var host = message.Source.Machine + 1;
        var result = Errno.Success;
        if (message.Word0 == 0)
        {
            _holder = _holder == host ? 0 : _holder;
        }
        else if (_holder == 0 || _holder == host)
        {
            _holder = host;
        }
        else
        {
            result = Errno.Busy;
        }

        Send(message.Source, MessageKind.ImageAnswer, (ulong)(long)result, message.Word0);
    }

    protected override void SyncRows(StateSync sync) => sync.Count("holder", ref _holder, ActorAddress.MachineLimit);
}
