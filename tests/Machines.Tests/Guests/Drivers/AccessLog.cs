using System.Text.RegularExpressions;

namespace Trapline.Machines.Tests.Guests.Drivers;

/// <summary>
/// What a guest read and wrote, in the order in which it happened, written as the recordings of real guests are. The
/// guest notes each access itself, in shared memory: its text is rewritten so, that of the library too. That needs
/// nothing of the simulator but what every guest has, and what is noted is what the instructions did.
/// </summary>
/// <remarks>The notes use the registers tp and u0, which the library does not.</remarks>
internal static partial class AccessLog
{
    /// <summary>Put where the guest has come to what is of interest: what was noted until then is forgotten.</summary>
    public const string Begin = "st.d zero, [access_head]";

    private const int EntryBytes = 32;
    private const int Entries = 4096;
    private const ulong Iocsr = 0;
    private const ulong PchPic = 0x1000_0000;
    private const ulong PchPicEnd = 0x1000_1000;

    private static readonly HashSet<ulong> OneAccessOfEight = [0x420, 0x1048, 0x1158];

    [GeneratedRegex(@"^    (?<bus>iocsr|mmio)\.(?<way>read|write)\.(?<width>[bhwd])u? +(?<register>\S+), *\[(?<address>[^\]]+)\](?<rest>.*)$", RegexOptions.Multiline)]
    private static partial Regex Access { get; }

    /// <summary>A base register, if there is one, and an offset with its sign.</summary>
    [GeneratedRegex(@"^(?<base>zero|ra|tp|sp|fp|[ast]\d|u0)(?: *(?<sign>[+-]) *(?<offset>.+))?$")]
    private static partial Regex Address { get; }

    /// <summary>The run of a guest that notes its accesses. It includes what it needs and ends with <c>exit</c>.</summary>
    public static List<string> Of(string guest, int vcpus, params (string Parameter, string Value)[] parameters)
    {
        string Rewritten(string text) => parameters.Aggregate(
            Access.Replace(text, Noted),
            (old, parameter) => Regex.Replace(old, $@"^\.param {parameter.Parameter} = \S+", $".param {parameter.Parameter} = {parameter.Value}", RegexOptions.Multiline));

        var declared = $".shared access_head, 8\n.shared access_log, {Entries * EntryBytes}\n{guest}";
        using var run = new GuestRun(declared, vcpus, rewrite: Rewritten).ToEnd();
        Xunit.Assert.True(run.End is { Code: 0 }, run.End?.Detail ?? "the guest did not come to its exit");
        return Read(run);
    }

    /// <summary>Takes a place in the log, notes the access, makes it, notes its value.</summary>
    private static string Noted(Match access)
    {
        var code = (access.Groups["bus"].Value == "mmio" ? 1 : 0) | (access.Groups["way"].Value == "write" ? 2 : 0) | (Width(access) << 8);
        return $"""
                li u0, {EntryBytes}
                amadd.d tp, u0, [access_head]
                la u0, access_log
                add tp, tp, u0
                li u0, {code}
                st.d u0, [tp]
                cpu.index u0
                st.d u0, [tp + 8]
                {AddressInto("u0", access.Groups["address"].Value.Trim())}
                st.d u0, [tp + 16]
                {access.Value.Trim()}
                st.d {access.Groups["register"].Value}, [tp + 24]
            """;
    }

    private static int Width(Match access) => 1 << "bhwd".IndexOf(access.Groups["width"].Value[0], StringComparison.Ordinal);

    private static string AddressInto(string register, string address)
    {
        var parts = Address.Match(address);
        return !parts.Success ? $"li {register}, {address}"
            : !parts.Groups["offset"].Success ? $"move {register}, {parts.Groups["base"].Value}"
            : $"{(parts.Groups["sign"].Value == "+" ? "add" : "sub")} {register}, {parts.Groups["base"].Value}, {parts.Groups["offset"].Value}";
    }

    private static List<string> Read(GuestRun run)
    {
        var memory = new MemoryReader();
        run.SharedMemory().SyncState(memory);
        var log = run.Program.Symbols["access_log"];
        var end = memory.Double(run.Program.Symbols["access_head"]);
        var lines = new List<string>();
        for (var offset = 0UL; offset < end; offset += EntryBytes)
        {
            var entry = log + offset;
            AddLines(lines, memory.Double(entry), memory.Double(entry + 8), memory.Double(entry + 16), memory.Double(entry + 24));
        }

        return lines;
    }

    /// <summary>
    /// The recordings have the controllers' registers and no other devices; an access of eight bytes is two of four there,
    /// but for some registers.
    /// </summary>
    private static void AddLines(List<string> lines, ulong code, ulong cpu, ulong address, ulong value)
    {
        var space = code & 1;
        var size = (int)(code >> 8);
        if (space != Iocsr && address is < PchPic or >= PchPicEnd)
        {
            return;
        }

        var head = $"{((code & 2) != 0 ? 'W' : 'R')} {cpu} {(space == Iocsr ? "iocsr" : "mem")}";
        if (size == sizeof(ulong) && !OneAccessOfEight.Contains(address))
        {
            lines.Add($"{head} 0x{address:x} 4 0x{(uint)value:x}");
            lines.Add($"{head} 0x{address + 4:x} 4 0x{value >> 32:x}");
            return;
        }

        lines.Add($"{head} 0x{address:x} {size} 0x{value & (ulong.MaxValue >> (64 - (size * 8))):x}");
    }
}
