using Trapline.Actors.Devices;
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
/// Two calls may be open at once and no more: the own vCPU's access, and, while that waits for another unit, a send that
/// arrived here. Serving the latter makes no call to another unit, so no cycle can block. In the kernel the unit is in
/// its vCPU's group, and the line is answered at once; in user space, on the board, a change of the line is an ioctl
/// and takes its time, while which all else waits.
/// </remarks>
public sealed partial class IpiActor : Actor, IDeviceHost, IIpiActor
{
    /// <summary>An ioctl takes effect in its middle, as a trap does.</summary>
    private const int IoctlTimer = 0;

    private readonly DevicePlacement _placement;
    private readonly LoongArchProfile _profile;
    private IpiUnit _unit;

    // In the kernel from KVM_CREATE_DEVICE to the end of the VM; in user space always.
    private bool _exists;
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
    private CallCost _accessCost;
    private CostBill _accessBill;
    private ulong _origin;

    private ActorAddress _accessCaller;

    // Who waits for the answer to a line change.
    private bool _lineOpen;
    private ActorAddress _lineCaller;
    private IpiOutcome _lineRest;
    private ulong _lineOrigin;

    // What arrived while the line was changing.
    private readonly RequestQueue _waiting = new();

    private InterruptFates _fates;
    private ulong _sentToNobody;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="index">Index of the vCPU it belongs to.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="cpuIds">This actor's own copy of the map.</param>
    /// <param name="placement">Whether it is in the kernel or in user space.</param>
    public IpiActor(int machine, int index, LoongArchProfile profile, CpuIdMap cpuIds, DevicePlacement placement)
        : base(new ActorAddress(machine, ActorRole.Ipi, index), timerCount: 1)
    {
        ArgumentNullException.ThrowIfNull(placement);
        _placement = placement;
        _profile = profile;
        _exists = placement.ControllersInUserSpace;
        _unit = new IpiUnit(this, profile, index);
        _cpuIds = cpuIds;
        _vcpu = new ActorAddress(machine, ActorRole.Vcpu, index);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
    }

    bool IDeviceHost.Listening => true;

    public InterruptFates Fates => _fates;

    /// <summary>KVM's statistics of this vCPU; it knows of no access that user space serves.</summary>
    public (ulong Reads, ulong Writes) Exits => _placement.ControllersInUserSpace ? default : (_unit.ReadExits, _unit.WriteExits);

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
        Observer?.Reported(this, in report);
        _fates.Note(report.Kind, isServed: _unit.Status == 0);
    }

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.IocsrRead:
            case MessageKind.IocsrWrite:
            case MessageKind.IpiSend:
            case MessageKind.DeviceAttribute:
            case MessageKind.Life:
                _waiting.Add(in message);
                break;
            case MessageKind.IpiAnswer:
                _accessCost += CostOf(in message, message.Word0);
                _accessBill += CostBill.Above(message.Word3);
                Perform((AccessOutcome)message.Word3, new IpiOutcome((int)message.Word1, message.Word2));
                break;
            case MessageKind.Timer:
                DriveLine((ulong)Now.Picoseconds);
                break;
            case MessageKind.LineAnswer:
                LineAnswered(CostOf(in message, message.Word0), new CostBill(message.Word1));
                break;
            case MessageKind.Publish:
                TakeOver(in message);
                break;
            case MessageKind.Inspect:
                Observer?.Inspected(this, in message);
                return;
            case MessageKind.Rest:
            case MessageKind.SectionGet:
            case MessageKind.SectionRows:
                TakeTransfer(in message);
                break;
            default:
                throw Unexpected(in message);
        }

        while (!_lineOpen && _waiting.TryTake(out var next))
        {
            Serve(in next);
        }

        ComeToRest();
    }

    protected override void SyncRows(StateSync sync)
    {
        sync.Row("exists", ref _exists);
        _unit.SyncState(sync);
        _cpuIds.SyncState(sync);
        sync.Row("accessOpen", ref _accessOpen);
        sync.Row("accessValue", ref _accessValue);
        var reason = ExitReasons.NameOf(_accessReason);
        sync.Text("accessReason", ref reason, 64);
        _accessReason = ExitReasons.Find(reason);
        var cost = _accessCost.Packed;
        sync.Row("accessCost", ref cost);
        _accessCost = new CallCost(cost);
        var bill = _accessBill.Packed;
        sync.Row("accessBill", ref bill);
        _accessBill = new CostBill(bill);
        sync.Row("origin", ref _origin);
        sync.Row("accessCaller", ref _accessCaller);
        sync.Row("lineOpen", ref _lineOpen);
        sync.Row("lineCaller", ref _lineCaller);
        sync.Row("lineOrigin", ref _lineOrigin);
        sync.Row("level", ref _level);
        var (register, value) = _lineRest;
        sync.Row("lineRestRegister", ref register);
        sync.Row("lineRestValue", ref value);
        _lineRest = new IpiOutcome(register, value);
        _fates.SyncState(sync);
        sync.Row("sentToNobody", ref _sentToNobody);
        _waiting.SyncState(sync, this);
        SyncTransfer(sync);
        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    /// <summary>Who is answered must be there: an access and a line are open towards somebody.</summary>
    private void CheckLoaded()
    {
        CheckKnown("accessCaller", _accessCaller);
        CheckKnown("lineCaller", _lineCaller);
        if ((_accessOpen && _accessCaller == default) || (_lineOpen && _lineCaller == default))
        {
            throw new StateFormatException("row 'accessOpen' or 'lineOpen': it is open, but nobody is to be answered");
        }

        if (_lineOpen && _lineCaller == Address && !_accessOpen)
        {
            throw new StateFormatException("row 'lineOpen': the unit changes its line because of an access of its own, but none is open");
        }
    }

    private void Serve(in Message request)
    {
        switch (request.Kind)
        {
            case MessageKind.Life:
                ChangeLife(request.Word0 != 0);
                break;
            case MessageKind.DeviceAttribute:
                var result = ControllerCalls.ServeAttribute(in request, new IpiUapi(vcpu => vcpu == Address.Index ? _unit : null), out var value);
                Observer?.Replaced(this);
                Send(request.Source, MessageKind.DeviceAttributeAnswer, (ulong)(long)result, value);
                break;
            case MessageKind.IocsrRead or MessageKind.IocsrWrite when !_exists:
                OpenAccess(in request, 0);
                AnswerAccess(AccessOutcome.UserSpace);
                break;
            case MessageKind.IpiSend when !_exists:
                // It was on its way when the VM was destroyed.
                Send(request.Source, MessageKind.IpiAnswer);
                break;
            case MessageKind.IocsrRead:
                OpenAccess(in request, ExitReasons.IpiRead(request.Word0, _placement.ControllersInUserSpace));
                AnswerAccess(_unit.Read(request.Word0, RegisterAccess.Width(in request), out _accessValue));
                break;
            case MessageKind.IocsrWrite:
                OpenAccess(in request, ExitReasons.IpiWrite(request.Word0, _placement.ControllersInUserSpace));
                Perform(_unit.Write(request.Word0, RegisterAccess.Width(in request), request.Word2, out var outcome), outcome);
                break;
            default:
                Receive(in request);
                break;
        }
    }

    private void OpenAccess(in Message message, int reason)
    {
        if (_accessOpen)
        {
            throw new SimulationException($"{Address} got a second access from its vCPU at {Now} before the first was answered: {message}");
        }

        Trace?.Access(Now, Address, in message, message.Kind == MessageKind.IocsrWrite);
        _accessOpen = true;
        _accessCaller = message.Source;
        _accessValue = 0;
        _accessCost = default;
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
        Send(_accessCaller, MessageKind.AccessAnswer, _accessValue, _accessCost.Packed, (ulong)_accessReason, _accessBill.Beside((byte)outcome));
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
            // The kick takes effect when it comes, and its cost contains the way inside one host alone.
            ChangeLine(message.Source, rest, message.Word2, (ulong)DepartureOf(in message, new VirtualTime((long)message.Word3)).Picoseconds);
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
        _lineOrigin = origin;
        if (_placement.ControllersInUserSpace)
        {
            ArmTimer(IoctlTimer, Now + new VirtualTime(_placement.LineCall.Picoseconds / 2));
            return;
        }

        DriveLine(departure);
    }

    /// <summary>In user space this is KVM_INTERRUPT, with 12 or -12.</summary>
    private void DriveLine(ulong departure) => Send(_vcpu, MessageKind.LineChange, CpuLines.Ipi, _level ? 1UL : 0, _lineOrigin, departure);

    private void LineAnswered(CallCost kick, CostBill bill)
    {
        _lineOpen = false;
        var cost = kick + CallCost.Of(_placement.LineCall);
        bill += _placement.ControllersInUserSpace ? CostBill.Once(CostKind.InjectionIoctl) : default;
        if (_lineCaller == Address)
        {
            _accessCost += cost;
            _accessBill += bill;
            AnswerAccess(AccessOutcome.Done);
            return;
        }

        Trace?.Served(Now, Address);
        Send(_lineCaller, MessageKind.IpiAnswer, cost.Packed, (ulong)_lineRest.Register, _lineRest.Value, bill.Beside((byte)AccessOutcome.Done));
    }

    private void TakeOver(in Message message)
    {
        if (CpuIdCopy.TakeOver(_cpuIds, in message))
        {
            Send(message.Source, MessageKind.PublishAnswer, message.Word0, word3: message.Word3);
        }
    }
}
