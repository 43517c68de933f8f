using System.Buffers.Binary;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Tests.Laws;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Whatever guest, devices and user space do to a GIC, and whatever is loaded into its board, it answers or refuses and goes on.</summary>
public sealed class GicFuzzTests
{
    private const int Accesses = 20_000;
    private const int Vcpus = 3;

    private static readonly int[] Sizes = [1, 2, 4, 8, 4, 4, 8, 0, 3, 16];

    private static readonly IccRegister[] Registers = Enum.GetValues<IccRegister>();

    public static TheoryData<string> Profiles => [.. GicProfiles.All.Select(profile => profile.Name)];

    public static TheoryData<string, int> Runs => new(
        from profile in GicProfiles.All
        from seed in Enumerable.Range(1, 4)
        select new TheoryDataRow<string, int>(profile.Name, seed));

    /// <summary>Everywhere, in all widths; what is written is noise, single bits or small. A read is never wider than its access.</summary>
    [Theory, MemberData(nameof(Runs))]
    public void Random_accesses_of_random_widths(string profile, int seed)
    {
        var random = new Random(seed);
        var gic = new GicBench(GicProfiles.Find(profile), Vcpus).S2();
        for (var i = 0; i < Accesses; i++)
        {
            Access(gic.Gic, random);
        }

        Assert.InRange(gic.Memory.Pages, 0, 200);
        Assert.InRange(RawState.Save(gic.Gic.SyncState).Length, 1, 1 << 20);
        Assert.All(Enumerable.Range(0, Vcpus), cpu => Assert.False(gic.Gic.IrqLine(cpu) && gic.Gic.FiqLine(cpu)));
    }

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
                _ = source.Apply(step);
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

            foreach (var step in steps)
            {
                Assert.NotEmpty(target.Apply(step));
            }

            Assert.NotEmpty(RawState.Save(target.SyncState));
        });
        Assert.True(loaded > 10 && refused > 10, $"{loaded} were loaded and {refused} refused: the one or the other is not tested");
    }

    [Theory]
    [InlineData("operation.kind", 19UL)]
    [InlineData("spis.interrupts", 0UL)]
    [InlineData("spis.interrupts", 1024UL)]
    [InlineData("spis.interrupts", 0x1_0000_0120UL)]
    [InlineData("operation.executed", 1UL)]
    [InlineData("revision", 4UL)]
    [InlineData("spis.enabled groups", 4UL)]
    [InlineData("spis.ISENABLER[0]", 1UL)]
    [InlineData("spis.latched[1]", 1UL << 32)]
    [InlineData("spis.touched[0]", 1UL)]
    [InlineData("spis.IPRIORITYR[40]", 0xA1UL)]
    [InlineData("spis.IROUTER[40]", 1UL << 32)]
    [InlineData("spis.target[40]", 3UL)]
    [InlineData("spis.active on[40]", 3UL)]
    [InlineData("spis.holder[40]", 3UL)]
    [InlineData("spis.holder[40]", 0xFFFFFFFFFFFFFFFEUL)]
    [InlineData("spis.holder[31]", 0UL)]
    [InlineData("spis.sequence[40]", 1UL << 32)]
    [InlineData("redistributors.EnableLPIs[0]", 2UL)]
    [InlineData("redistributors.ProcessorSleep[0]", 1UL)]
    [InlineData("redistributors.regions", 0x1001UL)]
    [InlineData("redistributors.region[0].count", 0x1000UL)]
    public void One_altered_row_is_refused(string row, ulong value)
    {
        var source = New("kvm");
        var rows = RawState.List(source.SyncState);
        var at = rows.Select(pair => pair.Key).ToList().IndexOf(row);
        Assert.True(at >= 0, $"no row {row}: {string.Join(' ', rows.Select(pair => pair.Key).Where(name => !name.Contains('[')))}");
        New("kvm").SyncState(new AlteredState(rows, at, rows[at].Value));
        Assert.Throws<StateFormatException>(() => New("kvm").SyncState(new AlteredState(rows, at, value)));
    }

    private static GicBoardSubject New(string profile) => new(GicProfiles.Find(profile)!);

    private static void Access(WholeGic gic, Random random)
    {
        var space = (GicSpace)random.Next(3);
        var index = space == GicSpace.Its ? 0 : random.Next(Vcpus);
        var size = Sizes[random.Next(Sizes.Length)];
        switch (random.Next(12))
        {
            case < 3:
                var read = gic.Read(space, index, Offset(random, space), size);
                Assert.True(size is < 1 or >= 8 || read >> (8 * size) == 0, $"{size} bytes of {space} read 0x{read:x}");
                break;
            case < 7:
                gic.Write(space, index, Offset(random, space), size, Value(random));
                break;
            case 7:
                _ = gic.DriveSpi(random.Next(-1, 1100), random.Next(2) == 0);
                _ = gic.DrivePpi(random.Next(Vcpus + 1), random.Next(40), random.Next(2) == 0);
                break;
            case 8:
                _ = gic.SendMessage(0x0809_0040 + ((ulong)random.Next(3) << 16), (uint)Value(random), (uint)random.Next(3), (uint)Value(random));
                break;
            case 9:
                _ = gic.ReadSystem(index, Registers[random.Next(Registers.Length)]);
                gic.WriteSystem(index, Registers[random.Next(Registers.Length)], Value(random));
                break;
            case 10:
                _ = gic.SetAttribute((uint)random.Next(11), Attribute(random), Value(random));
                _ = gic.GetAttribute((uint)random.Next(11), Attribute(random), out _);
                break;
            default:
                _ = gic.SetItsAttribute(0, (uint)random.Next(11), Value(random), Value(random));
                _ = gic.GetItsAttribute(0, (uint)random.Next(11), Offset(random, GicSpace.Its), out _);
                break;
        }
    }

    private static ulong Attribute(Random random) =>
        (random.Next(3) == 0 ? Value(random) : (ulong)random.Next(Vcpus + 1) << 32) | (random.Next(2) == 0 ? Offset(random, (GicSpace)random.Next(3)) : (uint)random.Next(6));

    /// <summary>Where registers are, mostly.</summary>
    private static ulong Offset(Random random, GicSpace space) => random.Next(8) switch
    {
        0 => Value(random),
        1 => (ulong)random.Next(0x20000),
        2 when space == GicSpace.Distributor => 0x6000 + (ulong)random.Next(0x2000),
        < 5 => (ulong)random.Next(0x400) * 4,
        _ => (space == GicSpace.Redistributor && random.Next(2) == 0 ? GicBench.SgiFrame : 0) + ((ulong)random.Next(0x40) * 4),
    };

    private static ulong Value(Random random) => random.Next(4) switch
    {
        0 => 1UL << random.Next(64),
        1 => (ulong)random.Next(64),
        2 => (uint)random.Next(),
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

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
