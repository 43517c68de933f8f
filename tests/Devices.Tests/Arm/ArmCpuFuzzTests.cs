using System.Buffers.Binary;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Tests.Laws;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Whatever guest, board and user space do to a CPU, and whatever is loaded into it, it answers or refuses and goes on.</summary>
public sealed class ArmCpuFuzzTests
{
    public static TheoryData<string> Profiles => [.. GicProfiles.All.Select(profile => profile.Name)];

    [Theory, MemberData(nameof(Profiles))]
    public void Every_input_is_answered(string profile) => Step.CheckAll(steps =>
    {
        var subject = New(profile);
        foreach (var step in steps)
        {
            Assert.NotEmpty(subject.Apply(step));
            CheckLines(subject);
        }
    });

    [Theory, MemberData(nameof(Profiles))]
    public void State_that_is_not_refused_can_be_used(string profile)
    {
        var (loaded, refused) = (0, 0);
        Step.CheckAll(steps =>
        {
            var (source, target) = (New(profile), New(profile));
            var half = steps.Length / 2;
            foreach (var step in steps.AsSpan(0, half))
            {
                source.Apply(step);
            }

            var rows = RawState.Save(source.SyncState);
            foreach (var step in steps.AsSpan(half, Math.Min(3, steps.Length - half)))
            {
                Spoil(rows, step);
            }

            try
            {
                RawState.Load(target.SyncState, rows);
                loaded++;
            }
            catch (StateFormatException)
            {
                refused++;
                return;
            }

            foreach (var step in steps.AsSpan(half))
            {
                Assert.NotEmpty(target.Apply(step));
            }

            Assert.NotEmpty(RawState.Save(target.SyncState));
        });
        Assert.True(loaded > 10 && refused > 10, $"{loaded} were loaded and {refused} refused: the one or the other is not tested");
    }

    private static ArmCpuSubject New(string profile) => new(GicProfiles.Find(profile)!);

    /// <summary>At most one line is high, and it is for the most urgent interrupt there is.</summary>
    private static void CheckLines(ArmCpuSubject subject)
    {
        var gic = subject.Cpu.Gic;
        Assert.False(gic.IrqLine && gic.FiqLine);
        Assert.True(!gic.MightWake || gic.HighestPending.Exists);
        Assert.Equal(gic.IrqLine, gic.MightWake && gic.HighestPending.Group == 1);
        Assert.Equal(gic.MightWake, subject.Cpu.State.WakesIdle);
    }

    private static void Spoil(byte[] rows, Step step)
    {
        var at = step.Place % rows.Length;
        if (step.Action % 2 == 0 && at + sizeof(ulong) <= rows.Length)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rows.AsSpan(at), step.Value);
        }
        else
        {
            rows[at] ^= (byte)(step.Value | 1);
        }
    }
}
