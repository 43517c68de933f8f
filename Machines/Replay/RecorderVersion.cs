using System.Globalization;

namespace Trapline.Machines.Replay;

/// <summary>Version of the emulator that the head of a recording names.</summary>
internal static class RecorderVersion
{
    private const string Qemu = "qemu ";

    /// <param name="recorder"><c>qemu 11.1.3</c>.</param>
    /// <returns>Major and minor number; -1 for a number that is not there, or of another emulator.</returns>
    public static (int Major, int Minor) Parse(string recorder)
    {
        if (!recorder.StartsWith(Qemu, StringComparison.Ordinal))
        {
            return (-1, -1);
        }

        var parts = recorder[Qemu.Length..].Split('.');
        return (Number(parts[0]), parts.Length > 1 ? Number(parts[1]) : -1);
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
