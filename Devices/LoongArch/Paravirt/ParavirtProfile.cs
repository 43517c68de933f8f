namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// Where versions of KVM's paravirtual interface for LoongArch guests differ: one switch a difference. The defaults are what
/// Linux has now; <see cref="ParavirtProfiles"/> has the named sets.
/// </summary>
public sealed record ParavirtProfile
{
    public required string Name { get; init; }

    /// <summary>What becomes of a2 of a paravirtual IPI.</summary>
    public SecondBitmap SecondBitmap { get; init; }

    /// <summary>CPUCFG gives signature and features to PLV 0 alone; at other levels they read 0.</summary>
    public bool WordsArePrivileged { get; init; }

    /// <summary>Features that user space may switch on or off; none where the word cannot be changed.</summary>
    public ParavirtFeature SettableFeatures { get; init; }

    /// <summary>A hypercall whose feature is off is refused; otherwise the word only advertises.</summary>
    public bool FeaturesAreEnforced { get; init; } = true;

    /// <summary>
    /// The hypercall for an IPI is refused although the feature word offers it: what a guest meets that was moved, with the
    /// features that it has read, to a host without them. No version of Linux does so by itself.
    /// </summary>
    public bool RefusesOfferedIpi { get; init; }

    /// <summary>The last code of <c>hvcl</c> that is known: they came one after the other, 0x100 to 0x103.</summary>
    public int LastCode { get; init; } = Hypercalls.UserServiceCode;

    /// <summary>Function 2, NOTIFY, is known.</summary>
    public bool KnowsNotify { get; init; } = true;

    /// <summary>NOTIFY of something else than steal time is refused; otherwise it succeeds and does nothing.</summary>
    public bool RefusesOtherNotifications { get; init; } = true;

    /// <summary>
    /// The map of physical ids takes ESTAT for the id that a vCPU has: it can get a second one, and be refused none though
    /// it gets none (<see cref="Cpu.CpuIdMap"/>).
    /// </summary>
    public bool MapReadsWrongRegister { get; init; }

    /// <summary>
    /// <c>hvcl</c> traps at every privilege level. KVM does not look at it; whether hardware lets PLV 3 execute the
    /// instruction is not known, so the default is that it does not.
    /// </summary>
    public bool HypercallAtAnyLevel { get; init; }
}
