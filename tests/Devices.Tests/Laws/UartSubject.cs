using Trapline.Devices.Common.Serial;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>A UART and who types at the other end of its line.</summary>
internal sealed class UartSubject : LawSubject
{
    private const int TypingTimer = 2;

    private readonly Uart16550 _uart;
    private readonly LineDriver _line;

    public UartSubject()
    {
        _line = new LineDriver(World, TypingTimer);
        _uart = new Uart16550(World, World);
    }

    public override void SyncState(StateSync sync)
    {
        _uart.SyncState(sync);
        _line.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var register = (ulong)(step.Place / 16 % 8);
        switch (step.Action % 9)
        {
            case 0 or 1:
                return $"{_uart.Read(register, Width(step), World.Now, out var value)} {value:x}";
            case 2 or 3:
                // DLAB now and then, or no character would ever be sent.
                var data = register == UartRegisters.LineControl && step.Place % 4 != 0 ? step.Value & 0x7F : step.Value;
                return $"{_uart.Write(register, Width(step), data, World.Now)}";
            case 4:
                _uart.Receive((byte)step.Value, World.Now);
                return $"{_uart.ReceiveRoom}";
            case 5 when step.Place % 4 == 0:
                _uart.ReceiveBreak(World.Now);
                return "break";
            case 5:
                _uart.SetModemLines((byte)step.Value);
                return "lines";
            case 6:
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
