using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Laws of EIOINTC over random accesses and inputs.</summary>
public sealed class EiointcLawTests
{
    private const int Cpus = 3;

    private static readonly int[] Vectors = [0, 1, 5, 8, 9, 31, 32, 63, 64, 127, 200, 255];

    private static readonly ulong[] Addresses =
    [
        0x1600, 0x1604, 0x1608, 0x1618, 0x1800, 0x1804, 0x1808, 0x1818, 0x1C00, 0x1C04, 0x1C08, 0x1C1C, 0x1C3C, 0x1CFC,
        0x14C0, 0x14C4, 0x14A8, 0x1680, 0x1700, 0x1400, 0x40000000, 0x40000004, 0x40000008,
    ];

    [Theory]
    [InlineData("kvm")]
    [InlineData("kvm-6.18")]
    [InlineData("kvm-6.16")]
    [InlineData("kvm-6.13")]
    [InlineData("qemu-11")]
    public void Lines_rows_routes_and_latches_agree_while_encodings_stay(string profile) => Step.CheckAll(steps =>
    {
        var bench = MachineBench.WithIds(Mended(profile), Cpus, 0xF);
        bench.Write8(0, 0x14C0, 0x0000_0804_0201_0402);
        for (var i = 0; i < steps.Length; i++)
        {
            ApplyWithFixedEncodings(bench, steps[i]);
            if (i % 8 == 0 || i == steps.Length - 1)
            {
                CheckInvariants(bench);
            }
        }
    });

    [Theory]
    [MemberData(nameof(ProfileNames.All), MemberType = typeof(ProfileNames))]
    public void What_was_raised_was_acknowledged_was_withdrawn_or_is_pending(string profile) => Step.CheckAll(steps =>
    {
        var bench = MachineBench.WithIds(profile, Cpus, 0xF);
        foreach (var step in steps)
        {
            Apply(bench, step);
        }

        foreach (var vector in Vectors)
        {
            var open = bench.EiointcHost.Reports.Where(report => report.Line == vector).Sum(report => report.Kind switch
            {
                ReportKind.Raised => 1,
                ReportKind.Acknowledged or ReportKind.Withdrawn => -1,
                _ => 0,
            });
            Assert.Equal(Enumerable.Range(0, Cpus).Count(cpu => (bench.Pending(cpu, vector / 32) & (1u << (vector % 32))) != 0), open);
        }
    });

    [Theory]
    [InlineData("qemu-11")]
    [InlineData("qemu-7.2")]
    public void Eight_bytes_are_two_accesses_of_four_to_qemu(string profile) => Step.CheckAll(steps =>
    {
        var (whole, halves) = (MachineBench.WithIds(profile, Cpus, 0xB), MachineBench.WithIds(profile, Cpus, 0xB));
        foreach (var step in steps)
        {
            ApplyToHalves(whole, halves, step);
            Assert.Equal(whole.EiointcHost.Log, halves.EiointcHost.Log);
        }

        Assert.Equal(WithoutCounters(whole), WithoutCounters(halves));
    });

    [Theory]
    [MemberData(nameof(ProfileNames.Kvm), MemberType = typeof(ProfileNames))]
    public void Eight_bytes_end_where_two_accesses_of_four_end_in_kvm(string profile) => Step.CheckAll(steps =>
    {
        var (whole, halves) = (MachineBench.WithIds(Mended(profile), Cpus, 0xB), MachineBench.WithIds(Mended(profile), Cpus, 0xB));
        foreach (var step in steps)
        {
            ApplyToHalves(whole, halves, step);
        }

        Assert.Equal(WithoutCounters(whole), WithoutCounters(halves));
        Assert.Equal(Enumerable.Range(0, Cpus).Select(whole.Lines), Enumerable.Range(0, Cpus).Select(halves.Lines));
    });

    [Fact]
    public void The_attributes_and_LOAD_FINISHED_carry_all_but_the_counters() => Step.CheckAll(steps =>
    {
        var source = MachineBench.WithIds(cpus: Cpus, features: 0xF);
        source.Write8(0, 0x14C0, 0x0000_0804_0201_0402);
        foreach (var step in steps)
        {
            ApplyWithFixedEncodings(source, step);
        }

        var target = MachineBench.WithIds(cpus: Cpus, features: 0xF);
        foreach (var attribute in AllRegisters())
        {
            Assert.Equal(0, source.EiointcUapi.GetAttribute(EiointcUapi.RegistersGroup, attribute, out var value));
            Assert.Equal(0, target.EiointcUapi.SetAttribute(EiointcUapi.RegistersGroup, attribute, value));
        }

        Assert.Equal(0, target.EiointcUapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlLoadFinished, 0));
        Assert.Empty(target.EiointcHost.Log);
        Assert.Equal(WithoutCounters(source), WithoutCounters(target));
    });

    /// <summary>Defect F2 breaks these laws; DefectTests shows how.</summary>
    private static LoongArchProfile Mended(string profile) => LoongArchProfiles.Find(profile)! with { EiointcEnableIndexReused = false };

    private static IEnumerable<ulong> AllRegisters()
    {
        foreach (var (start, end) in new[] { (0x0A0, 0x0C8), (0x200, 0x220), (0x280, 0x2A0), (0x300, 0x320), (0x800, 0x900) })
        {
            for (var offset = start; offset < end; offset += 4)
            {
                yield return EiointcUapi.AttributeOf(offset);
            }
        }

        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            for (var offset = 0x400; offset < 0x420; offset += 4)
            {
                yield return EiointcUapi.AttributeOf(offset, cpu);
            }
        }
    }

    /// <summary>Any input or access at all, with what it answered.</summary>
    private static string Apply(MachineBench bench, Step step)
    {
        var cpu = step.Place % Cpus;
        var size = 1 << (step.Place / 8 % 4);
        var address = Addresses[step.Place / 64 % Addresses.Length] + (step.Place % 5 == 0 ? step.Value % 4 : 0);
        address = Eiointc.Covers(address, size) ? address : address & ~7ul;
        switch (step.Action % 6)
        {
            case 0 or 1:
                bench.In(Vectors[step.Place % Vectors.Length], (int)(step.Value & 1));
                return "input";
            case 2:
                return $"{bench.Read(cpu, address, size):x} {bench.Outcome}";
            case 3:
                return $"{bench.Eiointc.MaskedWrite(cpu, (uint)address, (int)(step.Value >> 60), (uint)step.Value)}";
            case 4 when step.Place % 8 == 0:
                return $"{bench.EiointcUapi.SetAttribute(EiointcUapi.ControlGroup, EiointcUapi.ControlLoadFinished, 0)}";
            default:
                bench.Write(cpu, address, size, step.Value);
                return $"{bench.Outcome}";
        }
    }

    /// <summary>Inputs and aligned accesses of four and eight bytes that leave IPMAP and VIRT_CONFIG as they are, and name only CPUs that exist.</summary>
    private static void ApplyWithFixedEncodings(MachineBench bench, Step step)
    {
        var cpu = step.Place % Cpus;
        var size = (step.Place & 8) != 0 ? 8 : 4;
        var offset = (ulong)(step.Place / 16 % 32 & ~(size - 1));
        switch (step.Action % 5)
        {
            case 0 or 1:
                bench.In(Vectors[step.Place % Vectors.Length], (int)(step.Value & 1));
                break;
            case 2:
                bench.Write(cpu, 0x1600 + offset, size, step.Value);
                break;
            case 3:
                bench.Write(cpu, 0x1800 + offset, size, step.Value);
                break;
            default:
                // Bytes of 1, 2 and 4 are the CPUs that exist, whichever way they are read.
                bench.Write(cpu, 0x1C00 + offset, size, 0x0101_0101_0101_0101ul << (int)(step.Value % 3));
                break;
        }
    }

    private static void ApplyToHalves(MachineBench whole, MachineBench halves, Step step)
    {
        var cpu = step.Place % Cpus;
        var address = Addresses[step.Place / 8 % (Addresses.Length - 3)] & ~7ul;
        switch (step.Action % 4)
        {
            case 0:
                whole.In(Vectors[step.Place % Vectors.Length], (int)(step.Value & 1));
                halves.In(Vectors[step.Place % Vectors.Length], (int)(step.Value & 1));
                break;
            case 1:
                var low = halves.Read4(cpu, address);
                Assert.Equal(((ulong)halves.Read4(cpu, address + 4) << 32) | low, whole.Read8(cpu, address));
                break;
            default:
                whole.Write8(cpu, address, step.Value);
                halves.Write4(cpu, address, (uint)step.Value);
                halves.Write4(cpu, address + 4, step.Value >> 32);
                break;
        }
    }

    private static void CheckInvariants(MachineBench bench)
    {
        var rows = RawState.List(bench.Eiointc.SyncState).ToDictionary(row => row.Key, row => row.Value);
        for (var cpu = 0; cpu < Cpus; cpu++)
        {
            for (var word = 0; word < 4; word++)
            {
                var pending = rows[$"cpu[{cpu}].COREISR64[{word}]"];
                var held = Enumerable.Range(0, 8).Aggregate(0ul, (all, line) => all | rows[$"cpu[{cpu}].HWI[{line}].active64[{word}]"]);
                Assert.Equal(pending, held);
                Assert.Equal(0ul, pending & ~rows[$"ENABLE64[{word}]"]);
                Assert.Equal(0ul, pending & ~rows[$"ISR64[{word}]"]);
                for (var bit = 0; bit < 64; bit++)
                {
                    Assert.True((pending >> bit & 1) == 0 || rows[$"route[{(word * 64) + bit}]"] == (ulong)cpu);
                }
            }

            for (var line = 0; line < 8; line++)
            {
                var isHeld = Enumerable.Range(0, 4).Any(word => rows[$"cpu[{cpu}].HWI[{line}].active64[{word}]"] != 0);
                Assert.Equal(isHeld, bench.EiointcHost.Level(Eiointc.PinOf(cpu, line)));
            }
        }
    }

    private static List<KeyValuePair<string, ulong>> WithoutCounters(MachineBench bench) =>
        [.. RawState.List(bench.Eiointc.SyncState).Where(row => !row.Key.Contains("_exits", StringComparison.Ordinal))];
}
