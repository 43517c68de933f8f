using System.Globalization;

namespace Trapline.Machines.Recordings.Arm;

/// <summary>What the command line of the recorded emulator says about the machine.</summary>
/// <param name="Cpus"><c>-smp</c>; null where it is not given.</param>
/// <param name="MemoryBytes"><c>-m</c>.</param>
/// <param name="HasIts">Unless <c>its=off</c>.</param>
/// <param name="HasUnmaskable"><c>-cpu max</c>, of all CPUs the one with FEAT_NMI.</param>
internal sealed record EmulatorArguments(int? Cpus, ulong MemoryBytes, bool HasIts, bool HasUnmaskable = false)
{
    private const ulong Mebibyte = 1UL << 20;

    /// <summary>A recording whose head has no command line is of the machine that the grammar describes.</summary>
    public static readonly EmulatorArguments Documented = new(null, 512 * Mebibyte, true);

    /// <summary>QEMU's default where a command line does not say.</summary>
    private const ulong DefaultMemory = 128 * Mebibyte;

    /// <param name="commandLine">Words with one or more spaces between them.</param>
    /// <param name="line">For errors.</param>
    /// <exception cref="RecordingException">A number is missing or out of bounds.</exception>
    public static EmulatorArguments Parse(string commandLine, long line)
    {
        var words = commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var machine = new EmulatorArguments(null, DefaultMemory, true);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            machine = words[i] switch
            {
                "-smp" or "--smp" => machine with { Cpus = ParseCpus(ValueOf(words[i + 1], "cpus"), line) },
                "-m" or "--m" => machine with { MemoryBytes = ParseMemory(ValueOf(words[i + 1], "size"), line) },
                "-cpu" or "--cpu" => machine with { HasUnmaskable = words[i + 1].Split(',')[0] == "max" },
                "-machine" or "--machine" or "-M" => machine with { HasIts = !words[i + 1].Split(',').Contains("its=off") },
                _ => machine,
            };
        }

        return machine;
    }

    /// <summary>An option's first value, with or without its name.</summary>
    private static string ValueOf(string word, string name)
    {
        var parts = word.Split(',');
        var named = Array.Find(parts, part => part.StartsWith(name + "=", StringComparison.Ordinal));
        return named is null ? parts[0] : named[(name.Length + 1)..];
    }

    private static int ParseCpus(string text, long line) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cpus) && cpus is >= 1 and <= RecordingLimits.GicCpus
            ? cpus
            : throw new RecordingException(line, $"'-smp {RecordingComment.Shorten(text)}' should name 1 to {RecordingLimits.GicCpus} CPUs");

    private static ulong ParseMemory(string text, long line)
    {
        var unit = text.Length == 0 ? '?' : char.ToUpperInvariant(text[^1]);
        var shift = unit switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            >= '0' and <= '9' => 20,
            _ => -1,
        };
        var digits = char.IsAsciiDigit(unit) ? text : text[..Math.Max(text.Length - 1, 0)];
        return shift >= 0 && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= RecordingLimits.MemoryBytes >> shift
            ? number << shift
            : throw new RecordingException(line, $"'-m {RecordingComment.Shorten(text)}' should be memory in MiB, or with K, M, G or T, up to {RecordingLimits.MemoryBytes >> 40} TiB");
    }
}
