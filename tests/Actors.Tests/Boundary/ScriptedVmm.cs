using Trapline.Actors.Boundary;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common.Kvm;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Tests.Boundary;

/// <summary>
/// A VMM that creates the VM, three vCPUs, the IPI units and EIOINTC at time 0, runs vCPU 0 after 500 ns, and then makes
/// the calls of a test, whose answers it keeps.
/// </summary>
internal sealed class ScriptedVmm(params VmmCall[] calls) : Actor(new ActorAddress(0, ActorRole.Vmm, 0), timerCount: calls.Length + 2)
{
    private static readonly ActorAddress Boundary = new(0, ActorRole.Boundary, 0);

    private static readonly VmmCall[] Creation =
    [
        new(0, Boundary, KvmIoctl.CreateVm),
        new(0, Boundary, KvmIoctl.CreateVcpu, 0),
        new(0, Boundary, KvmIoctl.CreateVcpu, 1),
        new(0, Boundary, KvmIoctl.CreateVcpu, 2),
        new(0, Boundary, KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Ipi),
        new(0, Boundary, KvmIoctl.CreateDevice, (ulong)KvmDeviceType.Eiointc),
    ];

    private int _ignored = Creation.Length + 1;

    public List<(VirtualTime At, long Result)> Answers { get; } = [];

    public override void Start()
    {
        ArmTimer(calls.Length, VirtualTime.Zero);
        ArmTimer(calls.Length + 1, VirtualTime.FromNanoseconds(500));
        for (var call = 0; call < calls.Length; call++)
        {
            ArmTimer(call, VirtualTime.FromNanoseconds(calls[call].AtNanoseconds));
        }
    }

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.IoctlAnswer when _ignored > 0:
                if (message.Word0 != 0)
                {
                    throw new InvalidOperationException($"the machine cannot be created: {message}");
                }

                _ignored--;
                break;
            case MessageKind.IoctlAnswer:
                Answers.Add((Now, (long)message.Word0));
                break;
            case MessageKind.Timer when message.Word0 == (ulong)calls.Length:
                Array.ForEach(Creation, Make);
                break;
            case MessageKind.Timer when message.Word0 == (ulong)calls.Length + 1:
                Make(new(500, Boundary, KvmIoctl.Run, 0));
                break;
            default:
                Make(calls[message.Word0]);
                break;
        }
    }

    protected override void SyncRows(StateSync sync)
    {
    }

    private void Make(VmmCall call) => Send(call.File, MessageKind.Ioctl, IoctlMessage.Head(call.Ioctl), call.First, call.Second);
}
