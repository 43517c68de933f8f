using System.Text.RegularExpressions;
using Trapline.Devices.Arm.Profiles;

namespace Trapline.Machines.Tests.Guests.Drivers;

/// <summary>
/// What a guest for ARM did to the GIC and in which order, written as the recordings of real guests are: as
/// <see cref="AccessLog"/>, the guest notes each access itself.
/// </summary>
/// <remarks>The notes use the registers x18 and fp, which the library does not.</remarks>
internal static partial class ArmAccessLog
{
    /// <summary>Put where the guest has come to what is of interest: what was noted until then is forgotten.</summary>
    public const string Begin = "st.d zero, [access_head]";

    private const int EntryBytes = 32;
    private const int Entries = 8192;
    private const ulong Distributor = 0x0800_0000;
    private const ulong Its = 0x0808_0000;
    private const ulong Redistributors = 0x080A_0000;
    private const ulong End = 0x0900_0000;
    private const ulong FrameBytes = 0x1_0000;

    /// <summary>Offsets of registers that hold an address: where tables lie is no sequence's matter, nor how many LPIs there are.</summary>
    private const ulong NoAddress = 0xFFFF_0000_0000_0FFF;

    private static readonly string[] CpuInterface = ["CTLR", "PMR", "BPR1", "AP0R0", "AP1R0", "IGRPEN1"];

    [GeneratedRegex(@"^    mmio\.(?<way>read|write)\.(?<width>[bhwd])u? +(?<register>\S+), *\[(?<address>[^\]]+)\].*$", RegexOptions.Multiline)]
    private static partial Regex Mmio { get; }

    [GeneratedRegex(@"^    sysreg\.(?<way>read|write) +(?<register>\S+), *ICC_(?<name>CTLR|PMR|BPR1|AP0R0|AP1R0|IGRPEN1)_EL1.*$", RegexOptions.Multiline)]
    private static partial Regex SystemRegister { get; }

    /// <summary>A base register, which in a macro is an argument, and an offset, if there is one.</summary>
    [GeneratedRegex(@"^(?<base>ra|sp|[ast]\d|\\\w+)(?: *\+ *(?<offset>.+))?$")]
    private static partial Regex Address { get; }

    /// <summary>The run of a guest that notes its accesses, on a machine of QEMU's. It includes what it needs and ends with <c>exit</c>.</summary>
    /// <param name="guest">Without its first line.</param>
    /// <param name="vcpus">Of the machine.</param>
    /// <param name="commands">The ITS's queue at the end, each command as the recordings write it.</param>
    public static List<string> Of(string guest, int vcpus, out List<string> commands)
    {
        var declared = $".shared access_head, 8\n.shared access_log, {Entries * EntryBytes}\n{guest}";
        using var run = new ArmGuestRun(declared, vcpus, GicProfiles.All.Single(profile => profile.Name == "qemu-11"), Rewritten).ToEnd();
        Xunit.Assert.True(run.End is { Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        var memory = new MemoryReader();
        run.SharedMemory().SyncState(memory);
        var written = memory.Double(run.Program.Symbols["its_write"]);
        var queue = run.Program.Symbols["its_queue"];
        commands = [];
        for (var offset = 0UL; offset < written; offset += 32)
        {
            var words = Enumerable.Range(0, 4).SelectMany(word => BitConverter.GetBytes(memory.Double(queue + offset + ((ulong)word * 8)))).ToArray();
            commands.Add($"C {Convert.ToHexStringLower(words)} 0x{offset:x}");
        }

        return Read(run, memory);
    }

    /// <summary>
    /// An access without what differs from machine to machine: addresses of tables, and where in the queue the first command lies.
    /// </summary>
    public static List<string> Normal(IEnumerable<string> lines)
    {
        long? first = null;
        return [.. lines.Select(line =>
        {
            var fields = line.Split(' ');
            var (space, offset, value) = (fields[2], fields[3], Convert.ToUInt64(fields[^1], 16));
            if (space == "its" && offset is "0x88" or "0x90")
            {
                first ??= (long)value;
                return $"{string.Join(' ', fields[..^1])} first+{(long)value - first}";
            }

            var isTable = (space == "its" && (offset == "0x80" || offset.Length == 5 && offset.StartsWith("0x1", StringComparison.Ordinal)))
                || (space.StartsWith("redist", StringComparison.Ordinal) && offset is "0x70" or "0x78");
            return isTable ? $"{string.Join(' ', fields[..^1])} 0x{value & NoAddress & (offset == "0x70" ? ~0x1FUL : ulong.MaxValue):x}" : line;
        })];
    }

    private static string Rewritten(string text) => SystemRegister.Replace(Mmio.Replace(text, NotedMmio), NotedSystemRegister);

    private static string NotedMmio(Match access)
    {
        var parts = Address.Match(access.Groups["address"].Value.Trim());
        Xunit.Assert.True(parts.Success, $"an address of a form that the log does not know: {access.Value}");
        var offset = parts.Groups["offset"];
        var address = offset.Success ? $"add fp, {parts.Groups["base"].Value}, {offset.Value}" : $"move fp, {parts.Groups["base"].Value}";
        var width = 1 << "bhwd".IndexOf(access.Groups["width"].Value[0], StringComparison.Ordinal);
        return Noted(access, (width << 8) | 1, address);
    }

    private static string NotedSystemRegister(Match access) =>
        Noted(access, 8 << 8, $"li fp, {Array.IndexOf(CpuInterface, access.Groups["name"].Value)}");

    /// <summary>Takes a place in the log, notes the access, makes it, notes its value; what is read into nowhere too.</summary>
    private static string Noted(Match access, int code, string address)
    {
        var isWrite = access.Groups["way"].Value == "write";
        var register = access.Groups["register"].Value;
        var isDropped = !isWrite && register == "zero";
        var instruction = access.Value.Trim();
        return $"""
                li fp, {EntryBytes}
                amadd.d x18, fp, [access_head]
                la fp, access_log
                add x18, x18, fp
                li fp, {code | (isWrite ? 2 : 0)}
                st.d fp, [x18]
                cpu.index fp
                st.d fp, [x18 + 8]
                {address}
                st.d fp, [x18 + 16]
                {(isDropped ? instruction.Replace("zero,", "fp,", StringComparison.Ordinal) : instruction)}
                st.d {(isDropped ? "fp" : register)}, [x18 + 24]
            """;
    }

    private static List<string> Read(ArmGuestRun run, MemoryReader memory)
    {
        var log = run.Program.Symbols["access_log"];
        var end = memory.Double(run.Program.Symbols["access_head"]);
        Xunit.Assert.True(end <= Entries * EntryBytes, "the log is full");
        var lines = new List<string>();
        for (var offset = 0UL; offset < end; offset += EntryBytes)
        {
            var entry = log + offset;
            if (LineOf(memory.Double(entry), memory.Double(entry + 8), memory.Double(entry + 16), memory.Double(entry + 24)) is { } line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>As a recording has it; null for what is no register of the GIC.</summary>
    private static string? LineOf(ulong code, ulong cpu, ulong address, ulong value)
    {
        var size = (int)(code >> 8);
        var head = $"{((code & 2) != 0 ? 'W' : 'R')} {cpu}";
        if ((code & 1) == 0)
        {
            return $"{head} icc {CpuInterface[(int)address]} 8 0x{value:x}";
        }

        if (address is < Distributor or >= End)
        {
            return null;
        }

        var redistributor = (address - Redistributors) / (2 * FrameBytes);
        var (space, start) = address < Its ? ("dist", Distributor)
            : address < Redistributors ? ("its", Its)
            : ($"redist{redistributor}", Redistributors + (redistributor * 2 * FrameBytes));
        return $"{head} {space} 0x{address - start:x} {size} 0x{value & (ulong.MaxValue >> (64 - (size * 8))):x}";
    }
}
