namespace Trapline.Devices.Common.Serial;

/// <summary>The other end of a serial line.</summary>
public interface ISerialOutput
{
    /// <summary>A character has left the transmitter, all of its bits.</summary>
    void Transmit(byte value);
}
