namespace Trapline.Cluster.Tests.Fabric;

/// <summary>A few random changes to a frame: bits, bytes, runs, cuts, additions.</summary>
internal static class FrameMutation
{
    internal static byte[] Of(byte[] frame, Random random)
    {
        var mutated = frame.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && mutated.Count > 0; changes--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveRange(at, random.Next(mutated.Count - at + 1));
                    break;
                case 3:
                    mutated.InsertRange(at, new byte[random.Next(1, 200)]);
                    break;
                default:
                    mutated.Reverse(at, random.Next(mutated.Count - at + 1));
                    break;
            }
        }

        return [.. mutated];
    }
}
