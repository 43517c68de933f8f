using System.Globalization;
using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Machines.Replay;

/// <summary>Which profile the head of a recording names.</summary>
public static class RecordedProfile
{
    private const string Qemu = "qemu ";

    /// <summary>QEMU 10 is as 11 in all that the table of differences tells apart.</summary>
    private const int FirstLikeQemu11 = 10;

    /// <summary>Null where the head names no recorder, or one of which no profile is known.</summary>
    public static LoongArchProfile? Of(string recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        if (!recorder.StartsWith(Qemu, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = recorder[Qemu.Length..].Split('.');
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major))
        {
            return null;
        }

        return major >= FirstLikeQemu11 ? LoongArchProfiles.Qemu11
            : major == 7 && parts.Length > 1 && parts[1] == "2" ? LoongArchProfiles.Qemu72
            : null;
    }
}
