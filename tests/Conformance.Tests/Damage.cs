using System.IO.Compression;
using System.Text;

namespace Trapline.Conformance.Tests;

/// <summary>What may happen to a recording.</summary>
internal static class Damage
{
    public static byte[] Compress(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionMode.Compress))
        {
            gzip.Write(bytes);
        }

        return memory.ToArray();
    }

    /// <summary>Changes one thing: lines swapped, dropped, doubled or cut, a field or a character replaced.</summary>
    /// <param name="lines">Of a recording.</param>
    /// <param name="random">Seeded.</param>
    /// <param name="values">Fields that are right somewhere.</param>
    public static void Garble(List<string> lines, Random random, string[] values)
    {
        var (place, other) = (random.Next(lines.Count), random.Next(lines.Count));
        switch (random.Next(7))
        {
            case 0:
                (lines[place], lines[other]) = (lines[other], lines[place]);
                break;
            case 1:
                lines.RemoveAt(place);
                break;
            case 2:
                lines.Insert(other, lines[place]);
                break;
            case 3:
                var fields = lines[place].Split(' ');
                fields[random.Next(fields.Length)] = random.Next(3) == 0 ? values[random.Next(values.Length)] : lines[other].Split(' ')[^1];
                lines[place] = string.Join(' ', fields);
                break;
            case 4:
                lines[place] = lines[place][..random.Next(lines[place].Length)];
                break;
            default:
                var text = new StringBuilder(lines[place]);
                if (text.Length > 0)
                {
                    text[random.Next(text.Length)] = (char)random.Next(1, 256);
                }

                lines[place] = text.ToString();
                break;
        }
    }
}
