namespace Trapline.Devices.LoongArch.Rtc;

/// <summary>
/// Offsets and bits of the registers of the LS7A's real-time clock (Loongson 7A1000 manual, chapter on the RTC; Linux
/// drivers/rtc/rtc-loongson.c). Each has four bytes.
/// </summary>
public static class RtcRegisters
{
    public const int ToyTrim = 0x20;
    public const int ToyWrite0 = 0x24;
    public const int ToyWrite1 = 0x28;
    public const int ToyRead0 = 0x2C;
    public const int ToyRead1 = 0x30;
    public const int ToyMatch0 = 0x34;
    public const int Control = 0x40;
    public const int RtcTrim = 0x60;
    public const int RtcWrite = 0x64;
    public const int RtcRead = 0x68;
    public const int RtcMatch0 = 0x6C;

    /// <summary>Match registers of each counter, one after the other.</summary>
    public const int Matches = 3;

    public const int End = 0x100;

    /// <summary>Control: the oscillator and, with it, each of the two counters.</summary>
    public const uint OscillatorEnable = 1u << 8;
    public const uint ToyEnable = 1u << 11;
    public const uint RtcEnable = 1u << 13;

    /// <summary>The manual's name of the register that holds a byte, or null where none is. Allocates nothing.</summary>
    public static string? NameOf(ulong offset) => (offset & ~3UL) switch
    {
        ToyTrim => "SYS_TOYTRIM",
        ToyWrite0 => "SYS_TOYWRITE0",
        ToyWrite1 => "SYS_TOYWRITE1",
        ToyRead0 => "SYS_TOYREAD0",
        ToyRead1 => "SYS_TOYREAD1",
        ToyMatch0 => "SYS_TOYMATCH0",
        ToyMatch0 + 4 => "SYS_TOYMATCH1",
        ToyMatch0 + 8 => "SYS_TOYMATCH2",
        Control => "SYS_RTCCTRL",
        RtcTrim => "SYS_RTCTRIM",
        RtcWrite => "SYS_RTCWRITE0",
        RtcRead => "SYS_RTCREAD0",
        RtcMatch0 => "SYS_RTCMATCH0",
        RtcMatch0 + 4 => "SYS_RTCMATCH1",
        RtcMatch0 + 8 => "SYS_RTCMATCH2",
        _ => null,
    };
}
