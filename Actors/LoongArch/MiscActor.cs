using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Misc;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// Carries the registers that name the machine and MISC_FUNC, in user space. What MISC_FUNC shows and switches is
/// VIRT_CONFIG of EIOINTC, which is read, and for a write written back, by a call of the kernel each.
/// </summary>
public sealed class MiscActor : DeviceActor
{
    private const ulong VirtualConfig = EiointcRegisters.VirtualBase + EiointcRegisters.VirtualConfiguration;

    private readonly IocsrMisc _device;
    private readonly ActorAddress _eiointc;
    private readonly DevicePlacement _placement;

    // Bits that the write at hand adds to VIRT_CONFIG.
    private uint _added;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="placement">Where it and EIOINTC are.</param>
    public MiscActor(int machine, LoongArchProfile profile, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.Misc, 0))
    {
        _device = new IocsrMisc(this, profile, virtualExtension: true);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
        _placement = placement;
    }

    protected override InterruptSource Source => InterruptSource.Controller;

    protected override VirtualTime OutputCost => _placement.InjectionCall;

    protected override bool Raises(in DeviceOutput output) => false;

    protected override void SyncDevice(StateSync sync) => sync.Row("added", ref _added);

    protected override void ResetModel() => _added = 0;

    protected override void Perform(in Message request)
    {
        var (address, size) = (request.Word0, RegisterAccess.Width(in request));
        switch (request.Kind)
        {
            case MessageKind.IocsrRead when _device.NeedsVirtualConfig(address, size):
                AddOutput(new DeviceOutput(0, false));
                break;
            case MessageKind.IocsrRead:
                CompleteRead(in request, 0);
                break;
            case MessageKind.IocsrWrite:
                Complete(AccessOutcome.Done, 0, ExitReasons.User(ActorRole.Misc, isWrite: true));
                if (_device.Write(address, size, request.Word2, out _added))
                {
                    AddOutput(new DeviceOutput(0, false));
                }

                break;
            default:
                throw Unexpected(in request);
        }
    }

    /// <summary>Here an output is an access to VIRT_CONFIG: low to read it, high to write the number.</summary>
    protected override bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin)
    {
        if (output.Level)
        {
            Send(_eiointc, MessageKind.IocsrWrite, VirtualConfig, sizeof(uint), output.Number, origin);
        }
        else
        {
            Send(_eiointc, MessageKind.IocsrRead, VirtualConfig, sizeof(uint), word3: origin);
        }

        return true;
    }

    protected override void Answered(in Message answer)
    {
        var isReadOfConfig = answer.Word2 == (ulong)ExitReasons.EiointcRead(VirtualConfig, _placement.ControllersInUserSpace);
        if (Request.Kind == MessageKind.IocsrRead)
        {
            CompleteRead(in Request, (uint)answer.Word0);
        }
        else if (isReadOfConfig)
        {
            AddOutput(new DeviceOutput((uint)answer.Word0 | _added, true));
        }
    }

    private void CompleteRead(in Message request, uint virtualConfig) => Complete(
        AccessOutcome.Done,
        _device.Read(request.Word0, RegisterAccess.Width(in request), virtualConfig),
        ExitReasons.User(ActorRole.Misc, isWrite: false));
}
