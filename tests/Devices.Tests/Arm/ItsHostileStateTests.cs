using System.Buffers.Binary;
using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Tests.Laws;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Rows that somebody has altered are refused, or make a state that does no harm.</summary>
public sealed class ItsHostileStateTests
{
    private const int Steps = 60;

    public static TheoryData<string> Profiles => ["kvm", "qemu-11"];

    [Theory, MemberData(nameof(Profiles))]
    public void Altered_rows_are_refused_or_harmless(string profile)
    {
        var (refused, taken) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var source = new ItsSubject(GicProfiles.Find(profile)!);
            Drive(source, random, Steps);
            var rows = RawState.Save(source.SyncState);
            for (var i = random.Next(3); i >= 0; i--)
            {
                Alter(rows, random);
            }

            var target = new ItsSubject(GicProfiles.Find(profile)!);
            try
            {
                RawState.Load(target.SyncState, rows);
            }
            catch (StateFormatException)
            {
                refused++;
                continue;
            }

            taken++;
            target.IsTrusted = false;
            Drive(target, random, Steps);
        }

        Assert.True(refused > 30 && taken > 30, $"{refused} refused, {taken} taken");
    }

    [Theory]
    [InlineData("lpis.cpu[0].held[0].intid", 7UL)]
    [InlineData("lpis.cpu[0].held[0].intid", 8200UL)]
    [InlineData("lpis.cpu[0].held[0].sequence", 0UL)]
    [InlineData("lpis.lpi[0].intid", 65536UL)]
    [InlineData("lpis.lpi[0].target", 3UL)]
    [InlineData("lpis.lpi[0].target", 1UL)]
    [InlineData("lpis.lpi[0].latch", 1UL)]
    [InlineData("its[0].BASER0", 0UL)]
    [InlineData("its[0].CREADR", 0x1000UL)]
    [InlineData("its[0].CWRITER", 0x21UL)]
    [InlineData("its[1].processing", 1UL)]
    [InlineData("its[0].collection[0].icid", 0x1_0000UL)]
    [InlineData("its[0].device[0].device_id", 0x1_0000UL)]
    [InlineData("its[0].device[0].itt", 0x4030_0001UL)]
    [InlineData("its[0].device[0].event_bits", 0UL)]
    [InlineData("its[0].device[0].event_bits", 33UL)]
    [InlineData("its[0].device[0].event[0].event_id", 0x8000UL)]
    [InlineData("its[0].device[0].event[0].intid", 8194UL)]
    [InlineData("its[0].device[0].event[0].icid", 9UL)]
    [InlineData("its_count", 65UL)]
    public void One_altered_row_is_refused(string row, ulong value)
    {
        var source = new ItsSubject(GicProfiles.Kvm);
        _ = source.Apply(new Step(10, 1, 1 | (1UL << 8)));
        var rows = RawState.List(source.SyncState).ToList();
        var at = rows.FindIndex(pair => pair.Key == row);
        Assert.True(at >= 0, $"no row {row}: {string.Join(' ', rows.Take(60).Select(pair => $"{pair.Key}={pair.Value:x}"))}");
        var saved = RawState.Save(source.SyncState);
        RawState.Load(new ItsSubject(GicProfiles.Kvm).SyncState, saved);
        Assert.Throws<StateFormatException>(() => new ItsSubject(GicProfiles.Kvm).SyncState(new AlteredState(rows, at, value)));
    }

    private static void Drive(ItsSubject subject, Random random, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            _ = subject.Apply(new Step(random.Next(), random.Next(), (ulong)random.NextInt64()));
        }
    }

    /// <summary>One word of the first part, which is LPIs and ITSs.</summary>
    private static void Alter(byte[] rows, Random random)
    {
        var word = rows.AsSpan(random.Next(Math.Min(rows.Length, 1200) / sizeof(ulong)) * sizeof(ulong), sizeof(ulong));
        var old = BinaryPrimitives.ReadUInt64LittleEndian(word);
        var value = random.Next(4) switch
        {
            0 => old ^ (1UL << random.Next(64)),
            1 => old + 1,
            2 => (ulong)random.Next(4),
            _ => (ulong)random.NextInt64(),
        };
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
    }
}
