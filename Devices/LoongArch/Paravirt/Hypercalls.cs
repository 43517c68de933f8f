using Trapline.Messages.State;

namespace Trapline.Devices.LoongArch.Paravirt;

/// <summary>
/// What <c>hvcl</c> does in KVM, for one vCPU (Linux arch/loongarch/kvm/exit.c, kvm_handle_hypercall). No code and no
/// register makes it fault.
/// </summary>
public sealed class Hypercalls(ParavirtProfile profile, ParavirtFeatures features, StealTime stealTime)
{
    /// <summary>KVM_HCALL_SERVICE: the hypercalls that the kernel serves.</summary>
    public const int ServiceCode = 0x100;

    /// <summary>KVM_HCALL_SWDBG: a breakpoint that a debugger has put in the guest's text.</summary>
    public const int BreakpointCode = 0x101;

    /// <summary>KVM_HCALL_USER_SERVICE: those that user space serves.</summary>
    public const int UserServiceCode = 0x102;

    /// <summary>The guest has crashed; newest trees.</summary>
    public const int CrashCode = 0x103;

    /// <summary>KVM_HCALL_FUNC_IPI.</summary>
    public const ulong FunctionIpi = 1;

    /// <summary>KVM_HCALL_FUNC_NOTIFY.</summary>
    public const ulong FunctionNotify = 2;

    public const ulong Success = 0;

    /// <summary>-1: not known or not enabled.</summary>
    public const ulong InvalidCode = ulong.MaxValue;

    /// <summary>-2: a bad argument.</summary>
    public const ulong InvalidParameter = ulong.MaxValue - 1;

    private ulong _exits;
    private bool _debugging;

    /// <summary>KVM's statistic hypercall_exits: calls of SERVICE, failing ones too, and of USER_SERVICE that are accepted.</summary>
    public ulong Exits => _exits;

    /// <summary>User space debugs the guest (KVM_SET_GUEST_DEBUG): breakpoints are its own.</summary>
    public bool Debugging
    {
        get => _debugging;
        set => _debugging = value;
    }

    /// <summary>Decides a hypercall; what the outcome leaves to do is the caller's.</summary>
    /// <param name="code">The immediate of the instruction, 15 bits.</param>
    /// <param name="arguments">The registers.</param>
    public HypercallOutcome Dispatch(int code, in HypercallArguments arguments)
    {
        if (code > profile.LastCode)
        {
            return new(HypercallEffect.ReturnUncounted, InvalidCode);
        }

        switch (code)
        {
            case ServiceCode:
                _exits++;
                return Serve(in arguments);
            case BreakpointCode when _debugging:
                return new(HypercallEffect.ExitForDebugger, arguments.A0);
            case UserServiceCode when features.Has(ParavirtFeature.UserHypercall):
                _exits++;
                return new(HypercallEffect.ExitToUser, InvalidCode);
            case CrashCode when features.Has(ParavirtFeature.Crash):
                return new(HypercallEffect.ExitForCrash, arguments.A0);
            default:
                return new(HypercallEffect.ReturnUncounted, InvalidCode);
        }
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("hypercall_exits", ref _exits);
        sync.Row("guest_debug", ref _debugging);
    }

    private HypercallOutcome Serve(in HypercallArguments arguments) => arguments.A0 switch
    {
        FunctionIpi when features.Allows(ParavirtFeature.Ipi) && !profile.RefusesOfferedIpi => new(HypercallEffect.SendIpi, Success),
        FunctionNotify when profile.KnowsNotify => new(HypercallEffect.Return, Notify(in arguments)),
        _ => new(HypercallEffect.Return, InvalidCode),
    };

    private ulong Notify(in HypercallArguments arguments)
    {
        if (arguments.A1 != (ulong)ParavirtFeature.StealTime)
        {
            return profile.RefusesOtherNotifications ? InvalidCode : Success;
        }

        if (!features.Has(ParavirtFeature.StealTime))
        {
            return InvalidCode;
        }

        return stealTime.TryRegister(arguments.A2) ? Success : InvalidParameter;
    }
}
