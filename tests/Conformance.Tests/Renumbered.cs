namespace Trapline.Conformance.Tests;

/// <summary>
/// A recording of four CPUs as if they had been four others of a machine of 64: by number, affinity and RDbase. A GIC has to answer
/// it as the one that was recorded.
/// </summary>
internal static class Renumbered
{
    private const int Cpus = 64;

    /// <summary>Of one Aff1, so that an SGI to several of them stays one write.</summary>
    private static readonly int[] Numbers = [17, 21, 25, 31];

    public static List<string> Lines(string name) => [.. GicRecorded.Lines(name).Select(line => line.StartsWith("# cpus:", StringComparison.Ordinal) ? $"# cpus: {Cpus}" : Renumber(line))];

    private static string Renumber(string line)
    {
        var fields = line.Split(' ');
        switch (fields[0])
        {
            case "W" or "R":
                fields[1] = NumberOf(fields[1]);
                RenumberAccess(fields);
                break;
            case "A" or "E" or "D" or "I" or "K" or "S":
                fields[1] = NumberOf(fields[1]);
                break;
            case "L" when fields[1] == "ppi":
                fields[2] = NumberOf(fields[2]);
                break;
            case "C" when fields[1].StartsWith("09", StringComparison.Ordinal):
                fields[1] = RenumberMapc(fields[1]);
                break;
            default:
                break;
        }

        return string.Join(' ', fields);
    }

    private static void RenumberAccess(string[] fields)
    {
        const string redistributor = "redist";
        if (fields[2].StartsWith(redistributor, StringComparison.Ordinal))
        {
            var number = int.Parse(NumberOf(fields[2][redistributor.Length..]), System.Globalization.CultureInfo.InvariantCulture);
            fields[2] = $"{redistributor}{number}";
            if (fields[3] == "0x8")
            {
                fields[5] = $"0x{(Affinity(number) << 32) | ((ulong)number << 8) | 0x100_0001:x}";
            }
        }
        else if (fields[2] == "dist" && Convert.ToUInt64(fields[3], 16) >= 0x6000 && Convert.ToUInt64(fields[3], 16) < 0x8000)
        {
            fields[5] = $"0x{Affinity(Numbers[Convert.ToInt32(fields[5], 16)]):x}";
        }
        else if (fields[3] == "SGI1R")
        {
            fields[5] = $"0x{RenumberSgi(Convert.ToUInt64(fields[5], 16)):x}";
        }
    }

    /// <summary>Affinity in the upper fields, and the list of Aff0.</summary>
    private static ulong RenumberSgi(ulong value)
    {
        var list = Enumerable.Range(0, Numbers.Length).Where(cpu => (value >> cpu & 1) != 0).Aggregate(0UL, (bits, cpu) => bits | (1UL << (Numbers[cpu] % 16)));
        return (value & ~0xFFFFUL) | list | ((ulong)(Numbers[0] / 16) << 16);
    }

    /// <summary>RDbase is in bits 50:16 of the third word.</summary>
    private static string RenumberMapc(string digits)
    {
        const int place = 18;
        var bytes = Convert.FromHexString(digits);
        bytes[place] = (byte)Numbers[bytes[place]];
        return Convert.ToHexStringLower(bytes);
    }

    private static string NumberOf(string cpu) => $"{Numbers[cpu[0] - '0']}";

    private static ulong Affinity(int number) => (ulong)(((number / 16) << 8) | (number % 16));
}
