using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>PCH-PIC under pins, accesses and attributes.</summary>
internal sealed class PchPicSubject : LawSubject
{
    private static readonly ulong[] Offsets =
    [
        0x00, 0x04, 0x20, 0x24, 0x20, 0x24, 0x40, 0x60, 0x64, 0x60, 0x80, 0x84, 0x80, 0xC0, 0xE4, 0x101, 0x120, 0x13F, 0x202, 0x204,
        0x23F, 0x2FF, 0x300, 0x380, 0x384, 0x3A0, 0x3A4, 0x3E0, 0x22, 0x3E7,
    ];

    public PchPicSubject(LoongArchProfile profile)
    {
        Pic = new PchPic(World, profile);
        Uapi = new PchPicUapi(Pic);
    }

    public PchPic Pic { get; }

    public PchPicUapi Uapi { get; }

    public override void SyncState(StateSync sync) => Pic.SyncState(sync);

    protected override string Act(Step step)
    {
        var offset = Pick(Offsets, step);
        var size = Width(step);
        switch (step.Action % 8)
        {
            case 0:
                return $"{Pic.Read(offset, size, out var value)} {value:x} {Pic.IsCounted(offset, size)}";
            case 1 or 2:
                return $"{Pic.Write(offset, size, step.Value)}";
            case 3:
                return $"{Uapi.GetAttribute(PchPicUapi.RegistersGroup, offset, out value)} {value:x} {Pic.Base:x} {Pic.Unsent:x}";
            case 4:
                return $"{Uapi.SetAttribute(step.Place % 4 == 0 ? PchPicUapi.ControlGroup : PchPicUapi.RegistersGroup, step.Place % 8 == 0 ? 0 : offset, step.Value)}";
            default:
                Pic.Input((int)(step.Value & 7) + (step.Place % 2 * 32), step.Action % 2 == 0);
                return "input";
        }
    }
}
