using Trapline.Devices.Common.Profiles;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Machines.Recordings;
using Trapline.Machines.Recordings.LoongArch;

namespace Trapline.Machines.Replay.LoongArch;

/// <summary>Recordings of the interrupt controllers of LoongArch machines.</summary>
internal sealed class LoongArchReplays : ReplayFamily<LoongArchProfile>
{
    /// <summary>QEMU 10 is as 11 in all that the table of differences tells apart.</summary>
    private const int FirstLikeQemu11 = 10;

    protected override IReadOnlyList<LoongArchProfile> Profiles => LoongArchProfiles.All;

    protected override IReadOnlyList<ProfileRow<LoongArchProfile>> Rows => ProfileRows.All;

    protected override LoongArchProfile? Recorded(string recorder) => RecorderVersion.Parse(recorder) switch
    {
        ( >= FirstLikeQemu11, _) => LoongArchProfiles.Qemu11,
        (7, 2) => LoongArchProfiles.Qemu72,
        _ => null,
    };

    protected override Func<LoongArchProfile, int, IReplayer> ReadHead(LineReader lines, out string recorder)
    {
        var recording = new LoongArchReader(lines);
        recorder = recording.Header.Recorder;
        return (profile, detailed) => new LoongArchReplayer(recording, profile, detailed);
    }
}
