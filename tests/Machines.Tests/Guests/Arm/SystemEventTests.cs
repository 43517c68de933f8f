using Trapline.Actors.Kernel;
using Trapline.Devices.Arm.Profiles;
using Xunit;

namespace Trapline.Machines.Tests.Guests.Arm;

/// <summary>A whole machine is switched off by its guest, as the VMM of the board has it.</summary>
public sealed class SystemEventTests
{
    [Theory]
    [InlineData("0x84000008", 0, "vcpu0 switched the machine off (PSCI SYSTEM_OFF)")]
    [InlineData("0x84000009", 1, "vcpu0 reset the machine (PSCI SYSTEM_RESET), which ends a run here")]
    public void A_guest_switches_its_machine_off(string function, int code, string detail)
    {
        using var run = new ArmGuestRun($"start:\n li a0, {function}\n hvc 0\n assert.eq zero, 1", 2, GicProfiles.Kvm, text => text).ToEnd();
        Assert.Equal((EndReason.Exit, (ulong)code, detail), (run.End!.Reason, run.End.Code, run.End.Detail));
    }
}
