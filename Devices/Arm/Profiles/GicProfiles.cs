namespace Trapline.Devices.Arm.Profiles;

/// <summary>The profiles by name.</summary>
public static class GicProfiles
{
    /// <summary>Linux KVM of mid-2026: the default.</summary>
    public static readonly GicProfile Kvm = new() { Name = "kvm" };

    /// <summary>QEMU 11, TCG, as the recordings show it.</summary>
    public static readonly GicProfile Qemu11 = Kvm with
    {
        Name = "qemu-11",
        TablesAreState = true,
        ImplementerId = 0x0000_043B,
        Revision = 0,
        FullIdentification = true,
        TyperHasAffinity3 = true,
        AlwaysWideIds = true,
        StatusReadsOnes = false,
        CommonLpiAffinity = true,
        ItsTyper = 0x0000_001F_0001_EFB1,
        SeparateGroupEnables = true,
        ResetsToGroup1 = false,
        SgisEnabledAtReset = false,
        PpiConfigWritable = true,
        PriorityMask = 0xFF,
        LowestPriorityNeverPending = true,
        RouterMask = ulong.MaxValue,
        OneOfManyGoesToCpu0 = true,
        EdgeWireHasLevel = true,
        HasWaker = true,
        AlwaysClearableEnable = true,
        HasInvalidateRegisters = false,
        RawLpiTableRegisters = true,
        LpiPriorityMask = 0xFC,
        DisableClearsLatches = false,
        RawItsRegisters = true,
        EnableNeedsValidTables = false,
        AlwaysQuiescent = true,
        ReadPointerWritable = true,
        TranslaterIsRegister = true,
        Sgi1RefusesGroup0 = true,
        EndDeactivatesAny = true,
        DisabledGroupHidesOthers = true,
        RunningPriorityIsMasked = true,
        CommonPointLeavesNoBits = true,
    };

    /// <summary>All, the default first.</summary>
    public static IReadOnlyList<GicProfile> All { get; } = [Kvm, Qemu11];

    /// <summary>The profile of a name, or null.</summary>
    public static GicProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);
}
