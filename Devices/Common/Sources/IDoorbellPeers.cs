namespace Trapline.Devices.Common.Sources;

/// <summary>The other ends of the eventfds that a doorbell device writes.</summary>
public interface IDoorbellPeers
{
    /// <param name="peer">Whom: a device that exists, perhaps the writer itself.</param>
    /// <param name="vector">Which of its vectors.</param>
    void Ring(int peer, int vector);
}
