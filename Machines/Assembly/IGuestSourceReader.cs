namespace Trapline.Machines.Assembly;

/// <summary>Where sources come from.</summary>
public interface IGuestSourceReader
{
    /// <summary>Reads at most <paramref name="maxBytes"/> + 1 bytes, so that the caller sees that a file is too long.</summary>
    /// <returns>Null if it cannot be read; then <paramref name="problem"/> says why.</returns>
    byte[]? Read(string path, int maxBytes, out string problem);
}
