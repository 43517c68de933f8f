using Trapline.Devices.Arm.Profiles;
using Trapline.Devices.Common.Profiles;
using Trapline.Machines.Recordings;
using Trapline.Machines.Recordings.Arm;

namespace Trapline.Machines.Replay.Arm;

/// <summary>Recordings of GICv3 and ITS.</summary>
internal sealed class GicReplays : ReplayFamily<GicProfile>
{
    /// <summary>The first of which it is known how it behaves.</summary>
    private const int FirstLikeQemu11 = 11;

    protected override IReadOnlyList<GicProfile> Profiles => GicProfiles.All;

    protected override IReadOnlyList<ProfileRow<GicProfile>> Rows => GicProfileRows.All;

    protected override GicProfile? Recorded(string recorder) =>
        RecorderVersion.Parse(recorder).Major >= FirstLikeQemu11 ? GicProfiles.Qemu11 : null;

    protected override Func<GicProfile, int, IReplayer> ReadHead(LineReader lines, out string recorder)
    {
        var recording = new GicReader(lines);
        recorder = recording.Header.Recorder;
        return (profile, detailed) => new GicReplayer(recording, profile, detailed);
    }
}
