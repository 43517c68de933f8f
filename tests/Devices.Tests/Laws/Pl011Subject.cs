using Trapline.Devices.Common.Serial;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>A PL011 and who types at the other end of its line.</summary>
internal sealed class Pl011Subject : LawSubject
{
    private const int TypingTimer = 2;

    private readonly Pl011 _uart;
    private readonly LineDriver _line;

    public Pl011Subject()
    {
        _line = new LineDriver(World, TypingTimer);
        _uart = new Pl011(World, World);
    }

    public override void SyncState(StateSync sync)
    {
        _uart.SyncState(sync);
        _line.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        // Registers end at DMACR; the identification is far behind them.
        var register = (ulong)(step.Place / 16 % 20 * 4) + (ulong)(step.Place / 1024 % 8 == 0 ? 0xFB0 + (step.Place % 4) : 0);
        switch (step.Action % 8)
        {
            case 0 or 1:
                return $"{_uart.Read(register, Width(step), World.Now, out var value)} {value:x}";
            case 2 or 3:
                return $"{_uart.Write(register, Width(step), step.Value, World.Now)}";
            case 4:
                _uart.Receive((byte)step.Value, World.Now);
                return $"{_uart.ReceiveRoom}";
            case 5:
                var offset = (ulong)(step.Place / 16 % (LineDriverRegisters.End / 4) * 4);
                return step.Place % 2 == 0
                    ? $"{_line.Read(offset, Width(step), out value)} {value:x}"
                    : $"{_line.Write(offset, Width(step), step.Value, World.Now)}";
            default:
                World.Pass(Span(step), Expire);
                return $"{World.Now} {_uart.CharacterTime}";
        }
    }

    private void Expire(int timer)
    {
        if (timer == TypingTimer)
        {
            _line.Expire(_uart, World.Now);
        }
        else
        {
            _uart.Expire(timer, World.Now);
        }
    }
}
