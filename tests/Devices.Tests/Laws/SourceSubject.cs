using Trapline.Devices.Common.Sources;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>The two sources of interrupts: a pin, and messages of three queues.</summary>
internal sealed class SourceSubject : LawSubject
{
    private const int Queues = 3;

    /// <summary>The level device has a timer of its own beside those of the queues.</summary>
    private const int LevelTimer = 0;

    private static readonly ulong[] Registers =
    [
        0x00, 0x08, 0x10, 0x18, 0x20, 0x28, 0x30, 0x38, 0x40, 0x48, 0x50, 0x58, 0x60, 0x78, 0x80, 0x3000, 0x3008, 0x300C, 0x3010, 0x3018, 0x3028, 0x3038,
        0x4000, 0x4008, 0x2FF8,
    ];

    private readonly LevelDevice? _level;
    private readonly MsiDevice? _msi;

    public SourceSubject(bool sendsMessages)
    {
        _level = sendsMessages ? null : new LevelDevice(World);
        _msi = sendsMessages ? new MsiDevice(World, World, Queues) : null;
    }

    public override void SyncState(StateSync sync)
    {
        _level?.SyncState(sync);
        _msi?.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var register = Pick(Registers, step);
        if (step.Action % 5 == 0)
        {
            World.Pass(Span(step), Expire);
            return $"{World.Now}";
        }

        // Small numbers are what makes a schedule end; the others are what its registers must hold.
        var value = step.Place % 3 == 0 ? step.Value : step.Value % 8;
        ulong read = 0;
        return step.Action % 5 == 1
            ? $"{_level?.Read(register, Width(step), out read)} {_msi?.Read(register, Width(step), out read)} {read:x} {_msi?.EntryOf(step.Place % 4)}"
            : $"{_level?.Write(register, Width(step), value, World.Now)} {_msi?.Write(register, Width(step), value, World.Now)}";
    }

    private void Expire(int timer)
    {
        Assert.True(_msi is not null || timer == LevelTimer);
        _level?.Expire(World.Now);
        _msi?.Expire(timer, World.Now);
    }
}
