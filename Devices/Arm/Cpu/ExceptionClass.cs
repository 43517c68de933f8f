namespace Trapline.Devices.Arm.Cpu;

/// <summary>Exception classes, ESR_EL1.EC (Arm architecture reference manual, ESR_EL1).</summary>
public static class ExceptionClass
{
    /// <summary>An instruction that does not exist, or not at this exception level.</summary>
    public const int Unknown = 0x00;
    public const int IllegalState = 0x0E;
    public const int SupervisorCall = 0x15;
    public const int SystemRegister = 0x18;

    /// <summary>A fetch failed, at EL0; one more at EL1.</summary>
    public const int InstructionAbort = 0x20;
    public const int ProgramCounterAlignment = 0x22;

    /// <summary>A load or store failed, at EL0; one more at EL1.</summary>
    public const int DataAbort = 0x24;
    public const int Breakpoint = 0x3C;

    /// <summary>ISS of an abort: nothing answers at the address.</summary>
    public const uint ExternalAbort = 0x10;

    /// <summary>ISS of an abort: the address is not aligned.</summary>
    public const uint AlignmentFault = 0x21;

    /// <summary>ISS of a data abort: a store did it.</summary>
    public const uint WriteNotRead = 1 << 6;
}
