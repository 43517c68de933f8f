namespace Trapline.Devices.Arm.Its;

/// <summary>Numbers of the architecture for commands that fail (spec gicv3-its 7.3). KVM computes them, and no register shows them.</summary>
public static class ItsErrors
{
    public const int MoviUnmappedInterrupt = 0x01_0107;
    public const int MoviUnmappedCollection = 0x01_0109;
    public const int IntUnmappedInterrupt = 0x01_0307;
    public const int ClearUnmappedInterrupt = 0x01_0507;
    public const int MapdDeviceOutOfRange = 0x01_0801;
    public const int MapdTableSizeOutOfRange = 0x01_0802;
    public const int MapcProcessorOutOfRange = 0x01_0902;
    public const int MapcCollectionOutOfRange = 0x01_0903;
    public const int MaptiUnmappedDevice = 0x01_0A04;
    public const int MaptiEventOutOfRange = 0x01_0A05;
    public const int MaptiInterruptOutOfRange = 0x01_0A06;
    public const int InvUnmappedInterrupt = 0x01_0C07;
    public const int InvallUnmappedCollection = 0x01_0D09;
    public const int MovallProcessorOutOfRange = 0x01_0E01;
    public const int DiscardUnmappedInterrupt = 0x01_0F07;
}
