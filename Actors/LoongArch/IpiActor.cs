using Trapline.Actors.Kernel;
using Trapline.Actors.Publishing;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch;
using Trapline.Devices.LoongArch.Cpu;
using Trapline.Devices.LoongArch.Eiointc;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Devices.LoongArch.Profiles;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>
/// Carries the IPI unit of one CPU: serves its vCPU's accesses, carries writes to SEND registers to the units that they
/// name, and answers when all is done, so that a synchronous write has reached its target before the writer goes on.
/// </summary>
/// <remarks>
/// Two calls may be open at once and no more: the own vCPU's access, and, while that waits for another group, a send that
/// arrived here. Serving the latter makes no call to another group, so no cycle can block.
/// </remarks>
public sealed class IpiActor : Actor, IDeviceHost, IIpiActor
{
    private readonly IpiUnit _unit;
    private readonly CpuIdMap _cpuIds;
    private readonly ActorAddress _vcpu;
    private readonly ActorAddress _eiointc;

    // What the access at hand did to the line: driven, and to which level.
    private bool _driven;
    private bool _level;

    // The own vCPU's open access.
    private bool _accessOpen;
    private ulong _accessValue;
    private int _accessReason;
    private ulong _accessCost;
    private CostBill _accessBill;
    private ulong _origin;

    // Who waits for the answer to a line change.
    private bool _lineOpen;
    private ActorAddress _lineCaller;
    private IpiOutcome _lineRest;

    private InterruptFates _fates;
    private ulong _sentToNobody;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="index">Index of the vCPU it belongs to.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="cpuIds">This actor's own copy of the map.</param>
    public IpiActor(int machine, int index, LoongArchProfile profile, CpuIdMap cpuIds)
        : base(new ActorAddress(machine, ActorRole.Ipi, index))
    {
        _unit = new IpiUnit(this, profile, index);
        _cpuIds = cpuIds;
        _vcpu = new ActorAddress(machine, ActorRole.Vcpu, index);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
    }

    bool IDeviceHost.Listening => true;

    public InterruptFates Fates => _fates;

    /// <summary>KVM's statistics of this vCPU.</summary>
    public (ulong Reads, ulong Writes) Exits => (_unit.ReadExits, _unit.WriteExits);

    /// <summary>Sends whose CPU id no vCPU has.</summary>
    public ulong SentToNobody => _sentToNobody;

    void IDeviceHost.DrivePin(int pin, bool level)
    {
        // QEMU makes SET and then CLEAR of eight bytes at 0x1008: two drives in one access. The CPU looks at its lines between
        // two instructions and sees the last.
        _driven = true;
        _level = level;
    }

    void IDeviceHost.ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException("an IPI unit has no timer");

    void IDeviceHost.CancelTimer(int timer) => throw new InvalidOperationException("an IPI unit has no timer");

    void IDeviceHost.Report(in DeviceReport report)
    {
        Trace?.Report(Now, Address, in report);
        switch (report.Kind)
        {
            case ReportKind.Raised:
                _fates.Raised++;
                break;
            case ReportKind.Coalesced:
                _fates.Raised++;
                _fates.Coalesced++;
                break;
            case ReportKind.Acknowledged when _unit.Status == 0:
                _fates.Handled++;
                break;
            default:
                break;
        }
    }

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.IocsrRead:
                OpenAccess(in message, ExitReasons.IpiRead(message.Word0));
                AnswerAccess(_unit.Read(message.Word0, (int)message.Word1, out _accessValue));
                break;
            case MessageKind.IocsrWrite:
                OpenAccess(in message, ExitReasons.IpiWrite(message.Word0));
                Perform(_unit.Write(message.Word0, (int)message.Word1, message.Word2, out var outcome), outcome);
                break;
            case MessageKind.IpiSend:
                Receive(in message);
                break;
            case MessageKind.IpiAnswer:
                _accessCost += message.Word0;
                _accessBill += CostBill.Above(message.Word3);
                Perform((AccessOutcome)message.Word3, new IpiOutcome((int)message.Word1, message.Word2));
                break;
            case MessageKind.LineAnswer:
                LineAnswered(message.Word0, new CostBill(message.Word1));
                break;
            case MessageKind.Publish:
                TakeOver(in message);
                break;
            default:
                throw Unexpected(in message);
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        _unit.SyncState(sync);
        _cpuIds.SyncState(sync);
        sync.Row("accessOpen", ref _accessOpen);
        sync.Row("accessValue", ref _accessValue);
        var reason = ExitReasons.NameOf(_accessReason);
        sync.Text("accessReason", ref reason, 64);
        _accessReason = ExitReasons.Find(reason);
        sync.Row("accessCost", ref _accessCost);
        var bill = _accessBill.Packed;
        sync.Row("accessBill", ref bill);
        _accessBill = new CostBill(bill);
        sync.Row("origin", ref _origin);
        sync.Row("lineOpen", ref _lineOpen);
        sync.Row("lineCaller", ref _lineCaller);
        var (register, value) = _lineRest;
        sync.Row("lineRestRegister", ref register);
        sync.Row("lineRestValue", ref value);
        _lineRest = new IpiOutcome(register, value);
        _fates.SyncState(sync);
        sync.Row("sentToNobody", ref _sentToNobody);
    }

    private void OpenAccess(in Message message, int reason)
    {
        if (_accessOpen)
        {
            throw new SimulationException($"{Address} got a second access from its vCPU at {Now} before the first was answered: {message}");
        }

        Trace?.Access(Now, Address, in message, message.Kind == MessageKind.IocsrWrite);
        _accessOpen = true;
        _accessValue = 0;
        _accessCost = 0;
        _accessBill = default;
        _accessReason = reason;
        _origin = message.Word3;
    }

    /// <summary>Goes on with what a write left to be done: a line to change here, a send to carry, or nothing.</summary>
    private void Perform(AccessOutcome outcome, IpiOutcome rest)
    {
        if (_driven)
        {
            ChangeLine(Address, default, _origin, (ulong)Now.Picoseconds);
            return;
        }

        if (rest.Kind == IpiOutcomeKind.Done)
        {
            AnswerAccess(outcome);
            return;
        }

        var target = _cpuIds.Find(rest.CpuId);
        if (target == CpuIdMap.None)
        {
            _sentToNobody++;
            AnswerAccess(_unit.SendToNobody(rest));
            return;
        }

        Carry(rest, target);
    }

    /// <summary>
    /// A send goes to the owner of what it names: ANY_SEND reaches any register on the target's IOCSR bus, all else is
    /// the target's unit's.
    /// </summary>
    private void Carry(IpiOutcome send, int target)
    {
        if (!send.IsBusAccess || IpiUnit.Covers(send.Address, sizeof(uint)))
        {
            var unit = new ActorAddress(Address.Machine, ActorRole.Ipi, target);
            NoteSend(in send, unit);
            Send(unit, MessageKind.IpiSend, (ulong)send.Register, send.Value, _origin, (ulong)Now.Picoseconds);
        }
        else if (Eiointc.Covers(send.Address, sizeof(uint)))
        {
            NoteSend(in send, _eiointc);
            Send(_eiointc, MessageKind.AnySend, send.Address | ((ulong)send.KeepBytes << 32) | ((ulong)target << 48), send.Data, _origin);
        }
        else
        {
            // No device of the kernel is there, whichever unit is asked.
            AnswerAccess(_unit.MaskedWrite(send.Address, send.KeepBytes, send.Data, send.IsBusAccess, out _));
        }
    }

    private void NoteSend(in IpiOutcome send, ActorAddress to) =>
        Trace?.Add(new TraceEntry(Now, Address, TraceKind.Send, Other: to, Number: send.Register));

    private void AnswerAccess(AccessOutcome outcome)
    {
        _accessOpen = false;
        Trace?.Served(Now, Address, _accessValue);
        Send(_vcpu, MessageKind.AccessAnswer, _accessValue, _accessCost, (ulong)_accessReason, _accessBill.Beside((byte)outcome));
    }

    /// <summary>A send that names this CPU: done as if by its own vCPU, without waiting for another group.</summary>
    private void Receive(in Message message)
    {
        var outcome = new IpiOutcome((int)message.Word0, message.Word1);
        IpiOutcome rest = default;
        Trace?.Request(Now, Address, TraceRequest.Send, message.Source, outcome.Register, outcome.Value);
        var access = AccessOutcome.Done;
        if (outcome.Kind == IpiOutcomeKind.SetStatus)
        {
            _unit.Set(outcome.Mask);
        }
        else
        {
            access = _unit.MaskedWrite(outcome.Address, outcome.KeepBytes, outcome.Data, outcome.IsBusAccess, out rest);
        }

        if (_driven)
        {
            ChangeLine(message.Source, rest, message.Word2, message.Word3);
            return;
        }

        Trace?.Served(Now, Address);
        Send(message.Source, MessageKind.IpiAnswer, 0, (ulong)rest.Register, rest.Value, (ulong)access);
    }

    private void ChangeLine(ActorAddress caller, IpiOutcome rest, ulong origin, ulong departure)
    {
        if (_lineOpen)
        {
            throw new SimulationException($"{Address} changes its line at {Now} before its vCPU has answered the last change");
        }

        _driven = false;
        _lineOpen = true;
        _lineCaller = caller;
        _lineRest = rest;
        Send(_vcpu, MessageKind.LineChange, CpuLines.Ipi, _level ? 1UL : 0, origin, departure);
    }

    private void LineAnswered(ulong cost, CostBill bill)
    {
        _lineOpen = false;
        if (_lineCaller == Address)
        {
            _accessCost += cost;
            _accessBill += bill;
            AnswerAccess(AccessOutcome.Done);
            return;
        }

        Trace?.Served(Now, Address);
        Send(_lineCaller, MessageKind.IpiAnswer, cost, (ulong)_lineRest.Register, _lineRest.Value, bill.Beside((byte)AccessOutcome.Done));
    }

    private void TakeOver(in Message message)
    {
        CpuIdCopy.TakeOver(_cpuIds, in message);
        if (message.Word1 == (ulong)Address.Index)
        {
            // Its own id: CSR.CPUID reads it from the same moment at which others can send to it.
            Send(_vcpu, MessageKind.PhysicalId, message.Word2);
        }

        Send(message.Source, MessageKind.PublishAnswer, message.Word0, word3: message.Word3);
    }
}
