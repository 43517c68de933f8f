using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Messages;

namespace Trapline.Actors.Invariants;

/// <summary>
/// The vectors of EIOINTC: each is pending at one CPU at most, acknowledged and withdrawn only where it is, and while any
/// is pending at a CPU a line of that CPU is high.
/// </summary>
internal sealed class EiointcWatch : ActorWatch
{
    private const int Nobody = -1;
    private const int Unknown = -2;

    /// <summary>Of the largest machine.</summary>
    private const int Vcpus = 256;

    private readonly int[] _owners = new int[Eiointc.Vectors];
    private readonly uint[] _highLines = new uint[Vcpus];
    private readonly int[] _pending = new int[Vcpus];

    // At which CPUs the request at hand changed something.
    private readonly List<int> _touched = [];
    private bool _knowsLines = true;

    public EiointcWatch(GroupObserver observer, ActorAddress address)
        : base(observer, address) => Array.Fill(_owners, Nobody);

    public override void Sent(in Message message)
    {
        if (message.Kind == MessageKind.LineChange)
        {
            var bit = 1u << (int)message.Word0;
            ref var lines = ref _highLines[message.Target.Index];
            lines = (message.Word1 & 1) != 0 ? lines | bit : lines & ~bit;
        }
        else if (_touched.Count > 0 && MessageForms.IsAnswer(message.Kind))
        {
            JudgeTouched();
        }
    }

    public override void Reported(in DeviceReport report)
    {
        if (report.Kind is ReportKind.Refused or ReportKind.NestedAccess or ReportKind.Masked)
        {
            return;
        }

        var (vector, vcpu) = (report.Line, (int)report.Detail);
        var owner = _owners[vector];
        switch (report.Kind)
        {
            case ReportKind.Raised when owner >= 0 && owner != vcpu:
                Violated(Invariant.OneOwner, $"vector {vector} is raised at vcpu{vcpu} while it is pending at vcpu{owner}");
                break;
            case ReportKind.Raised when owner >= 0:
                Violated(Invariant.RaiseRepeated, $"vector {vector} is raised at vcpu{vcpu}, where it is pending already");
                break;
            case ReportKind.Coalesced when owner != Unknown && owner != vcpu:
                Violated(Invariant.RaiseLost, $"vector {vector} is said to be served with an earlier raise at vcpu{vcpu}, but none is pending there");
                break;
            case ReportKind.Acknowledged when owner != Unknown && owner != vcpu:
                Violated(Invariant.RaiseInvented, $"vector {vector} is acknowledged by vcpu{vcpu}, but is not pending there");
                break;
            case ReportKind.Withdrawn when owner != Unknown && owner != vcpu:
                Violated(Invariant.Pairing, $"vector {vector} is taken back from vcpu{vcpu}, but is not pending there");
                break;
            default:
                break;
        }

        Own(vector, report.Kind is ReportKind.Raised or ReportKind.Coalesced ? vcpu : Nobody);
    }

    public override void Forget()
    {
        Array.Fill(_owners, Unknown);
        Array.Clear(_highLines);
        Array.Clear(_pending);
        _touched.Clear();
        _knowsLines = false;
    }

    private void Own(int vector, int vcpu)
    {
        var before = _owners[vector];
        _owners[vector] = vcpu;
        if (before == vcpu)
        {
            return;
        }

        if (before >= 0)
        {
            _pending[before]--;
            _touched.Add(before);
        }

        if (vcpu >= 0)
        {
            _pending[vcpu]++;
            _touched.Add(vcpu);
        }
    }

    /// <summary>A request is done: all that it drove has been driven.</summary>
    private void JudgeTouched()
    {
        foreach (var vcpu in _touched)
        {
            if (_knowsLines && _pending[vcpu] > 0 && _highLines[vcpu] == 0)
            {
                var vector = Array.IndexOf(_owners, vcpu);
                Violated(Invariant.RaiseLost, $"vector {vector} is pending at vcpu{vcpu}, but no line of it is high", other: new ActorAddress(Address.Machine, ActorRole.Vcpu, vcpu));
            }
        }

        _touched.Clear();
    }
}
