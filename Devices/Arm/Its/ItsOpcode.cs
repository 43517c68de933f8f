namespace Trapline.Devices.Arm.Its;

/// <summary>Commands of an ITS, bits 7:0 of the first word; all others are unknown (spec gicv3-its 7.2).</summary>
public enum ItsOpcode : byte
{
    Movi = 0x01,
    Int = 0x03,
    Clear = 0x04,
    Sync = 0x05,
    Mapd = 0x08,
    Mapc = 0x09,
    Mapti = 0x0A,
    Mapi = 0x0B,
    Inv = 0x0C,
    Invall = 0x0D,
    Movall = 0x0E,
    Discard = 0x0F,
}
