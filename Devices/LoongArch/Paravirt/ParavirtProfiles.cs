namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>The versions of the interface: of the patch series of Bibo Mao, February to April 2024, and of Linux.</summary>
public static class ParavirtProfiles
{
    private const ParavirtFeature Settable =
        ParavirtFeature.Ipi | ParavirtFeature.StealTime | ParavirtFeature.Preempt | ParavirtFeature.VirtualExtioi | ParavirtFeature.UserHypercall;

    /// <summary>Linux now: features of each VM, which user space may restrict.</summary>
    public static readonly ParavirtProfile Final = new() { Name = "final", SettableFeatures = Settable };

    /// <summary>The newest trees: with the notice of a crash.</summary>
    public static readonly ParavirtProfile Newest = Final with
    {
        Name = "newest",
        SettableFeatures = Settable | ParavirtFeature.Crash,
        LastCode = Hypercalls.CrashCode,
    };

    /// <summary>As first merged, with steal time and software breakpoints, before user space could restrict anything.</summary>
    public static readonly ParavirtProfile FirstMerged = new()
    {
        Name = "first-merged",
        FeaturesAreEnforced = false,
        LastCode = Hypercalls.BreakpointCode,
        RefusesOtherNotifications = false,
    };

    /// <summary>Version 8 of the series, 28 April 2024.</summary>
    public static readonly ParavirtProfile V8 = FirstMerged with
    {
        Name = "v8",
        LastCode = Hypercalls.ServiceCode,
        KnowsNotify = false,
        MapReadsWrongRegister = true,
    };

    /// <summary>Version 6, 2 March 2024: the cover letter with the published figures.</summary>
    public static readonly ParavirtProfile V6 = V8 with { Name = "v6", WordsArePrivileged = true };

    /// <summary>Version 7, 15 March 2024. How it reads the map of ids was not found.</summary>
    public static readonly ParavirtProfile V7 = V6 with { Name = "v7", SecondBitmap = SecondBitmap.Unread };

    /// <summary>Version 5, 22 February 2024. How it reads the map of ids was not found.</summary>
    public static readonly ParavirtProfile V5 = V8 with { Name = "v5", SecondBitmap = SecondBitmap.Repeats };
}
