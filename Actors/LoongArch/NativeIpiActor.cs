using Trapline.Actors.Kernel;
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
/// The IPI unit of one CPU in hardware. A write to a SEND register is posted: it is on its way when the sender goes on, and
/// acts at its target a path's latency later; so it waits for nobody and there is no open call to save.
/// </summary>
public sealed class NativeIpiActor : Actor, IDeviceHost, IIpiActor
{
    private readonly IpiUnit _unit;
    private readonly CpuIdMap _cpuIds;
    private readonly ActorAddress _vcpu;
    private readonly ActorAddress _eiointc;

    // What the access at hand did to the line: driven, and to which level.
    private bool _driven;
    private bool _level;

    // A send drives the line, which the CPU answers within the instant: no state between windows.
    private bool _servesSend;

    private InterruptFates _fates;
    private ulong _sentToNobody;

    /// <param name="machine">Number of the machine.</param>
    /// <param name="index">Index of the CPU it belongs to.</param>
    /// <param name="profile">Whose behaviour it has.</param>
    /// <param name="cpuIds">This actor's own copy of the map.</param>
    public NativeIpiActor(int machine, int index, LoongArchProfile profile, CpuIdMap cpuIds)
        : base(new ActorAddress(machine, ActorRole.Ipi, index))
    {
        _unit = new IpiUnit(this, profile, index);
        _cpuIds = cpuIds;
        _vcpu = new ActorAddress(machine, ActorRole.Vcpu, index);
        _eiointc = new ActorAddress(machine, ActorRole.Eiointc, 0);
    }

    bool IDeviceHost.Listening => true;

    public InterruptFates Fates => _fates;

    public (ulong Reads, ulong Writes) Exits => (0, 0);

    public ulong SentToNobody => _sentToNobody;

    void IDeviceHost.DrivePin(int pin, bool level) => (_driven, _level) = (true, level);

    void IDeviceHost.ArmTimer(int timer, VirtualTime due) => throw new InvalidOperationException("an IPI unit has no timer");

    void IDeviceHost.CancelTimer(int timer) => throw new InvalidOperationException("an IPI unit has no timer");

    void IDeviceHost.Report(in DeviceReport report)
    {
        Trace?.Report(Now, Address, in report);
        _fates.Note(report.Kind, isServed: _unit.Status == 0);
    }

    protected override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.IocsrRead:
                Trace?.Access(Now, Address, in message, isWrite: false);
                Answer(_unit.Read(message.Word0, (int)message.Word1, out var value), value, ExitReasons.IpiRead(message.Word0));
                break;
            case MessageKind.IocsrWrite:
                Trace?.Access(Now, Address, in message, isWrite: true);
                var outcome = _unit.Write(message.Word0, (int)message.Word1, message.Word2, out var rest);
                Act(in rest, message.Word3);
                Answer(outcome, 0, ExitReasons.IpiWrite(message.Word0));
                break;
            case MessageKind.IpiSend:
                Receive(in message);
                break;
            case MessageKind.IpiAnswer or MessageKind.LineAnswer:
                // EIOINTC and the CPU answer all who call; here nobody waits for it but the trace.
                if (_servesSend)
                {
                    _servesSend = false;
                    Trace?.Served(Now, Address);
                }

                break;
            default:
                throw Unexpected(in message);
        }
    }

    protected override void SyncRows(StateSync sync)
    {
        _unit.SyncState(sync);
        _cpuIds.SyncState(sync);
        _fates.SyncState(sync);
        sync.Row("sentToNobody", ref _sentToNobody);
    }

    private void Receive(in Message message)
    {
        var send = new IpiOutcome((int)message.Word0, message.Word1);
        Trace?.Request(Now, Address, TraceRequest.Send, message.Source, send.Register, send.Value);
        IpiOutcome rest = default;
        if (send.Kind == IpiOutcomeKind.SetStatus)
        {
            _unit.Set(send.Mask);
        }
        else
        {
            _unit.MaskedWrite(send.Address, send.KeepBytes, send.Data, send.IsBusAccess, out rest);
        }

        _servesSend = _driven;
        if (!_servesSend)
        {
            Trace?.Served(Now, Address);
        }

        Act(in rest, message.Word2);
    }

    /// <summary>What a write left to be done: a line to drive, and a send to post on; where it goes to, hardware decides by its address.</summary>
    private void Act(in IpiOutcome send, ulong origin)
    {
        if (_driven)
        {
            _driven = false;
            Send(_vcpu, MessageKind.LineChange, CpuLines.Ipi, _level ? 1UL : 0, origin, (ulong)Now.Picoseconds);
        }

        if (send.Kind == IpiOutcomeKind.Done)
        {
            return;
        }

        var target = _cpuIds.Find(send.CpuId);
        if (target == CpuIdMap.None)
        {
            _sentToNobody++;
        }
        else if (!send.IsBusAccess || IpiUnit.Covers(send.Address, sizeof(uint)))
        {
            Post(new ActorAddress(Address.Machine, ActorRole.Ipi, target), MessageKind.IpiSend, in send, (ulong)send.Register, send.Value, origin);
        }
        else if (Eiointc.Covers(send.Address, sizeof(uint)))
        {
            var where = send.Address | ((ulong)send.KeepBytes << 32) | ((ulong)target << 48);
            Post(_eiointc, MessageKind.AnySend, in send, where, send.Data, origin);
        }
    }

    private void Post(ActorAddress to, MessageKind kind, in IpiOutcome send, ulong word0, ulong word1, ulong origin)
    {
        Trace?.Add(new TraceEntry(Now, Address, TraceKind.Send, Other: to, Number: send.Register));
        Send(to, kind, word0, word1, origin, (ulong)Now.Picoseconds);
    }

    private void Answer(AccessOutcome outcome, ulong value, int reason)
    {
        Trace?.Served(Now, Address, value);
        Send(_vcpu, MessageKind.AccessAnswer, value, 0, (ulong)reason, (ulong)outcome);
    }
}
