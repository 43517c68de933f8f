using Trapline.Devices.LoongArch.Rtc;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The clock with its six matches, as QEMU and as Linux's driver have them.</summary>
internal sealed class RtcSubject : LawSubject
{
    private static readonly ulong[] Offsets =
    [
        RtcRegisters.Control, RtcRegisters.Control, RtcRegisters.ToyWrite0, RtcRegisters.ToyWrite1, RtcRegisters.ToyRead0, RtcRegisters.ToyRead1,
        RtcRegisters.RtcWrite, RtcRegisters.RtcRead, RtcRegisters.ToyMatch0, RtcRegisters.ToyMatch0 + 4, RtcRegisters.ToyMatch0 + 8,
        RtcRegisters.RtcMatch0, RtcRegisters.RtcMatch0 + 4, RtcRegisters.RtcMatch0 + 8, RtcRegisters.ToyTrim,
    ];

    private readonly Ls7aRtc _rtc;

    public RtcSubject(bool matchAcknowledges) => _rtc = new Ls7aRtc(World, 1_704_067_200, matchAcknowledges);

    public override void SyncState(StateSync sync) => _rtc.SyncState(sync);

    protected override string Act(Step step)
    {
        var offset = Pick(Offsets, step);
        switch (step.Action % 5)
        {
            case 0:
                return $"{_rtc.Read(offset, Width(step), World.Now, out var value)} {value:x}";
            case 1 when offset == RtcRegisters.Control:
                var enables = (uint)step.Value & 3;
                var control = RtcRegisters.OscillatorEnable | ((enables & 1) * RtcRegisters.ToyEnable) | ((enables >> 1) * RtcRegisters.RtcEnable);
                return $"{_rtc.Write(offset, 4, control, World.Now)}";
            case 1 or 2:
                return $"{_rtc.Write(offset, Width(step), step.Value, World.Now)}";
            case 3 when offset >= RtcRegisters.RtcMatch0:
                // A match that is near comes while the test looks.
                _rtc.Read(RtcRegisters.RtcRead, 4, World.Now, out var counter);
                return $"{_rtc.Write(offset & ~3UL, 4, counter + (step.Value % 64), World.Now)}";
            default:
                World.Pass(new((long)(step.Value % 4096) << (step.Place % 40)), _rtc.Expire);
                return $"{World.Now}";
        }
    }
}
