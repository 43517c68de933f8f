using Trapline.Devices.Common.Sources;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>A doorbell device with three vectors among four peers, and the eventfds that they write.</summary>
internal sealed class DoorbellSubject : LawSubject, IDoorbellPeers
{
    private const int Vectors = 3;

    private static readonly ulong[] Registers = [0x00, 0x08, 0x0C, 0x10, 0x1000, 0x1008, 0x100C, 0x1010, 0x1018, 0x1020, 0x1028, 0x1030, 0x1800, 0x1808, 0x1FF8];

    private readonly DoorbellDevice _device;

    public DoorbellSubject() => _device = new DoorbellDevice(World, World, this, position: 1, peers: 4, Vectors);

    public override void SyncState(StateSync sync) => _device.SyncState(sync);

    void IDoorbellPeers.Ring(int peer, int vector) => World.Log.Add($"ring {peer} {vector}");

    protected override string Act(Step step)
    {
        var register = Pick(Registers, step);
        var vector = step.Place % (Vectors + 1);
        switch (step.Action % 4)
        {
            case 0:
                return $"{_device.Signal(vector)} {_device.Signalled}";
            case 1:
                _device.Notify(vector);
                return $"{_device.Masked}";
            case 2:
                return $"{_device.Read(register, Width(step), out var read)} {read:x}";
            default:
                return $"{_device.Write(register, Width(step), step.Value)}";
        }
    }
}
