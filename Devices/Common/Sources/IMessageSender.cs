namespace Trapline.Devices.Common.Sources;

/// <summary>Where a device's message interrupts leave it: a write of its own to the bus.</summary>
public interface IMessageSender
{
    /// <param name="queue">Which of the device's queues sends, for statistics.</param>
    /// <param name="address">Where the message is written.</param>
    /// <param name="data">What is written, four bytes.</param>
    void Send(int queue, ulong address, uint data);
}
