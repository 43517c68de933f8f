using Trapline.Devices.LoongArch.PchPic;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Laws of PCH-PIC over random inputs, in every profile.</summary>
public sealed class PchPicLawTests
{
    private static readonly ulong[] Offsets =
    [
        0x00, 0x04, 0x20, 0x24, 0x20, 0x24, 0x40, 0x60, 0x64, 0x60, 0x80, 0x84, 0x80, 0xC0, 0xE4, 0x101, 0x120, 0x13F, 0x202, 0x204,
        0x23F, 0x2FF, 0x300, 0x380, 0x384, 0x3A0, 0x3A4, 0x3E0, 0x22, 0x3E7,
    ];

    /// <summary>In the old kernels a CLEAR of the upper word acts on the lower pins: the law then holds for those alone.</summary>
    [Theory]
    [InlineData("kvm", ulong.MaxValue)]
    [InlineData("kvm-6.18", ulong.MaxValue)]
    [InlineData("kvm-6.16", (ulong)uint.MaxValue)]
    [InlineData("kvm-6.13", (ulong)uint.MaxValue)]
    public void In_kvm_what_is_in_service_is_requested(string profile, ulong pins) => Step.CheckAll(steps =>
    {
        var pic = new PchPic(new RecordingHost(), LoongArchProfiles.Find(profile)!);
        var uapi = new PchPicUapi(pic);
        foreach (var step in steps)
        {
            Apply(pic, step);
            uapi.GetAttribute(PchPicUapi.RegistersGroup, PchPicRegisters.IntIrr, out var irr);
            uapi.GetAttribute(PchPicUapi.RegistersGroup, PchPicRegisters.IntIsr, out var isr);
            Assert.Equal(0ul, isr & ~irr & pins);
        }
    });

    [Theory]
    [InlineData("kvm")]
    [InlineData("kvm-6.18")]
    public void The_attributes_carry_a_kvm_pic_whole(string profile) => Step.CheckAll(steps =>
    {
        var (firstHost, secondHost) = (new RecordingHost(), new RecordingHost());
        var (first, second) = (new PchPic(firstHost, LoongArchProfiles.Find(profile)!), new PchPic(secondHost, LoongArchProfiles.Find(profile)!));
        foreach (var step in steps[..(steps.Length / 2)])
        {
            Apply(first, step);
        }

        var (from, to) = (new PchPicUapi(first), new PchPicUapi(second));
        for (ulong attribute = 0; attribute < PchPic.WindowSize; attribute++)
        {
            if (PchPicUapi.WidthOf(attribute) != 0)
            {
                Assert.Equal(0, from.GetAttribute(PchPicUapi.RegistersGroup, attribute, out var value));
                Assert.Equal(0, to.SetAttribute(PchPicUapi.RegistersGroup, attribute, value));
            }
        }

        Assert.Empty(secondHost.Log);
        firstHost.Log.Clear();
        foreach (var step in steps[(steps.Length / 2)..])
        {
            Assert.Equal(Apply(first, step), Apply(second, step));
        }

        Assert.Equal(firstHost.Log, secondHost.Log);
    });

    private static string Apply(PchPic pic, Step step)
    {
        var offset = Offsets[step.Place % Offsets.Length];
        var size = 1 << (step.Place / Offsets.Length % 4);
        if (step.Action % 4 >= 2)
        {
            pic.Input((int)(step.Value & 7) + (step.Place % 2 * 32), step.Action % 4 == 3);
            return string.Empty;
        }

        if (!pic.Covers(offset, size))
        {
            return "not covered";
        }

        if (step.Action % 4 == 1)
        {
            return pic.Write(offset, size, step.Value).ToString();
        }

        var outcome = pic.Read(offset, size, out var value);
        return $"{outcome} 0x{value:x}";
    }
}
