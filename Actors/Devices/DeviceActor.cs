using System.Runtime.InteropServices;
using Trapline.Actors.Kernel;
using Trapline.Actors.Statistics;
using Trapline.Actors.Tracing;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Devices;

/// <summary>
/// Carries a device or controller that the whole machine shares, with its lock: one request at a time, the others wait
/// in order of arrival. What the device drove or sent because of the request goes out one call after the other; then the
/// requester is answered. So a synchronous write has reached every target before the writer's next instruction.
/// </summary>
/// <remarks>
/// Calls go one way only, from devices to PCH-PIC and PCH-MSI, from these, MISC_FUNC and the IPI units to EIOINTC, from
/// it to vCPUs, which always answer: no cycle can block. Costs are waited out where they arise: the next output leaves when those before it
/// are paid for, and the lock is held as long; the answer carries the sum, waiting for the lock included.
/// </remarks>
public abstract partial class DeviceActor : Actor, IDeviceHost
{
    /// <summary>Timer of the actor itself: an output may leave, or the lock is free. The device's own timers follow it.</summary>
    private const int StepTimer = 0;
    private const int FirstDeviceTimer = 1;

    /// <summary>Far above what any operation drives: EIOINTC has 8 lines for each of 256 CPUs.</summary>
    private const int OutputLimit = 65_536;

    private readonly RequestQueue _waiting = new();

    // Timers that ran out, and other work of the device's own threads, until the big lock is granted: of devices in user space alone.
    private readonly RequestQueue _expired = new();
    private bool _granted;
    private readonly List<DeviceOutput> _outputs = [];
    private int _sent;

    // The request that holds the lock; kind None where none does.
    private Message _request;
    private bool _calling;
    private ulong _value;
    private int _result;
    private int _reason;
    private byte _outcome;

    // When all that the request has caused so far is paid for.
    private VirtualTime _paidUntil;

    // What of it has a name.
    private CostBill _bill;
    private int _interHostCalls;

    // The lock is held until then by a request that was answered.
    private VirtualTime _freeAt;

    protected DeviceActor(ActorAddress address, int deviceTimers = 0)
        : base(address, FirstDeviceTimer + deviceTimers)
    {
        _held = new VirtualTime[deviceTimers];
        Array.Fill(_held, VirtualTime.Never);
    }

    bool IDeviceHost.Listening => Listens || Trace is not null || Observer is not null;

    /// <summary>The request at hand.</summary>
    protected ref readonly Message Request => ref _request;

    /// <summary>The actor itself wants to hear what the device says happened.</summary>
    protected virtual bool Listens => false;

    /// <summary>Class of what this device raises by itself.</summary>
    protected abstract InterruptSource Source { get; }

    /// <summary>J: what each output costs the device's thread: an ioctl for a device in user space, nothing in the kernel.</summary>
    protected virtual VirtualTime OutputCost => VirtualTime.Zero;

    /// <summary>
    /// Who owns the lock under which all of user space works; none in the kernel. Accesses of vCPUs and calls of other
    /// devices come under it already; a timer of the device's own has to ask.
    /// </summary>
    protected virtual ActorAddress BigLock => default;

    private bool IsServing => _request.Kind != MessageKind.None;

    void IDeviceHost.DrivePin(int pin, bool level) => AddOutput(new DeviceOutput((ulong)pin, level));

    void IDeviceHost.ArmTimer(int timer, VirtualTime due)
    {
        // A device that fell behind is told at once of what is due already.
        ForgetTimer(FirstDeviceTimer + timer);
        if (_atRest)
        {
            Hold(timer, VirtualTime.Max(due, Now));
            return;
        }

        ArmTimer(FirstDeviceTimer + timer, VirtualTime.Max(due, Now));
    }

    void IDeviceHost.CancelTimer(int timer)
    {
        ForgetTimer(FirstDeviceTimer + timer);
        CancelTimer(FirstDeviceTimer + timer);
        _held[timer] = VirtualTime.Never;
    }

    void IDeviceHost.Report(in DeviceReport report)
    {
        Trace?.Report(Now, Address, in report);
        Observer?.Reported(this, in report);
        Reported(in report);
    }

    protected sealed override void Handle(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.LineAnswer:
            case MessageKind.InputAnswer:
                OutputAnswered(in message, CostOf(in message, message.Word0), new CostBill(message.Word1));
                break;
            case MessageKind.AccessAnswer:
                OutputAnswered(in message, CostOf(in message, message.Word1), CostBill.Above(message.Word3));
                break;
            case MessageKind.Timer when message.Word0 == StepTimer:
                break;
            case MessageKind.InterruptRecalled:
                OutputAnswered(in message, CostOf(in message, message.Word0), new CostBill(message.Word1));
                break;
            case MessageKind.IoctlAnswer:
            case MessageKind.DeviceAttributeAnswer:
                OutputAnswered(in message, CostOf(in message, message.Word2), new CostBill(message.Word3));
                break;
            case MessageKind.LockGrant:
                _granted = true;
                _lockRequests = Math.Max(0, _lockRequests - 1);
                break;
            case MessageKind.Inspect:
                Observer?.Inspected(this, in message);
                return;
            case MessageKind.Rest:
            case MessageKind.SectionGet:
            case MessageKind.SectionRows:
                TakeTransfer(in message);
                break;
            case MessageKind.Timer when BigLock != default:
                AskForLock(in message);
                break;
            default:
                if (TakeAtOnce(in message))
                {
                    break;
                }

                if (BigLock != default && IsOwnThread(in message))
                {
                    AskForLock(in message);
                }
                else
                {
                    _waiting.Add(in message);
                }

                break;
        }

        Proceed();
        ComeToRest();
    }

    protected sealed override void SyncRows(StateSync sync)
    {
        SyncDevice(sync);
        _waiting.SyncState(sync, this);
        sync.Begin("expired");
        _expired.SyncState(sync, this);
        sync.End();
        sync.Row("granted", ref _granted);
        sync.Begin("serving");
        sync.Row("word", MemoryMarshal.Cast<Message, ulong>(MemoryMarshal.CreateSpan(ref _request, 1)));
        sync.Row("calling", ref _calling);
        sync.Row("value", ref _value);
        sync.Row("result", ref _result);
        var reason = ExitReasons.NameOf(_reason);
        sync.Text("reason", ref reason, 64);
        _reason = ExitReasons.Find(reason);
        sync.RowBelow("outcome", ref _outcome, (int)AccessOutcome.Fault + 1);
        sync.Row("paidUntil", ref _paidUntil);
        var bill = _bill.Packed;
        sync.Row("bill", ref bill);
        _bill = new CostBill(bill);
        if (SpansHosts)
        {
            sync.Count("interHostCalls", ref _interHostCalls, OutputLimit);
        }

        sync.Row("freeAt", ref _freeAt);
        SyncOutputs(sync);
        sync.End();
        SyncTransfer(sync);
        if (sync.Loading)
        {
            CheckLoaded();
        }
    }

    /// <summary>An output that the device can have: its number is used as an index where it arrives.</summary>
    protected virtual bool CanHave(in DeviceOutput output) => true;

    private void CheckLoaded()
    {
        if (IsServing)
        {
            CheckRequest("serving", in _request);
        }
        else if (_calling || _outputs.Count > 0)
        {
            throw new StateFormatException($"row 'serving': nothing is served, but {_outputs.Count} outputs of it are left");
        }

        if (_calling && _sent == 0)
        {
            throw new StateFormatException("row 'calling': an answer is awaited, but no output was sent");
        }

        if (_granted && BigLock == default)
        {
            throw new StateFormatException("row 'granted': there is no big lock that could have been granted");
        }

        var wrong = _outputs.FindIndex(output => !CanHave(in output));
        if (wrong >= 0)
        {
            throw new StateFormatException($"row 'output[{wrong}]': {Address} cannot drive {_outputs[wrong]}");
        }
    }

    /// <summary>The device's own rows.</summary>
    protected abstract void SyncDevice(StateSync sync);

    /// <summary>Lets the device act on the request; what it drives is collected. An access is ended by <see cref="Complete(AccessOutcome, ulong, int)"/>.</summary>
    protected abstract void Perform(in Message request);

    /// <summary>Sends one output on, as a call.</summary>
    /// <param name="output">What the device drove or sent.</param>
    /// <param name="levelAndSource">As <see cref="MessageKind.LineChange"/> and its like carry them.</param>
    /// <param name="origin">When what raised it began, ps.</param>
    /// <returns>False if it reaches nothing: no answer will come.</returns>
    protected abstract bool SendOutput(in DeviceOutput output, ulong levelAndSource, ulong origin);

    /// <summary>Something that needs no lock, such as a published change: done at once, whoever holds it.</summary>
    /// <returns>False if it has to wait for its turn.</returns>
    protected virtual bool TakeAtOnce(in Message message) => false;

    /// <summary>Something besides its timers that a thread of the device's own does: where there is a big lock, that thread has to ask for it.</summary>
    protected virtual bool IsOwnThread(in Message message) => false;

    /// <summary>Whether an output is a pin or message, which raises an interrupt, as a trace shows it.</summary>
    protected virtual bool Raises(in DeviceOutput output) => true;

    /// <summary>An output was answered, before the next one leaves; it may cause more.</summary>
    protected virtual void Answered(in Message answer)
    {
    }

    /// <summary>The device says what happened.</summary>
    protected virtual void Reported(in DeviceReport report)
    {
    }

    /// <summary>The result of an access, for the answer.</summary>
    protected void Complete(AccessOutcome outcome, ulong value, int reason) => (_outcome, _value, _reason) = ((byte)outcome, value, reason);

    /// <summary>The result of an ioctl, attribute, input or message, for the answer.</summary>
    /// <param name="result">0 or a negative errno.</param>
    /// <param name="value">What the call writes back.</param>
    protected void Complete(int result, ulong value) => (_result, _value) = (result, value);

    /// <summary>Number of a device's timer in a message that says it ran out.</summary>
    protected static int DeviceTimer(in Message request) => (int)request.Word0 - FirstDeviceTimer;

    /// <summary>Something else than a pin that goes out in its turn.</summary>
    protected void AddOutput(in DeviceOutput output)
    {
        if (_outputs.Count == OutputLimit && _sent > 0)
        {
            _outputs.RemoveRange(0, _sent);
            _sent = 0;
        }

        if (_outputs.Count == OutputLimit)
        {
            throw new SimulationException($"{Address} drives or sends more than {OutputLimit} outputs in one operation at {Now}");
        }

        _outputs.Add(output);
    }

    /// <summary>The output that left last; only while the request at hand is served.</summary>
    protected DeviceOutput LastSent => _outputs[_sent - 1];

    /// <summary>All that an output was awaited for has come, by messages that are no answers to it alone; it cost nothing.</summary>
    protected void EndOutput(in Message answer) => OutputAnswered(in answer, default, default);

    /// <inheritdoc cref="EndOutput(in Message)"/>
    /// <param name="answer">The last of them.</param>
    /// <param name="cost">What it cost.</param>
    /// <param name="bill">What of it has a name.</param>
    protected void EndOutput(in Message answer, VirtualTime cost, CostBill bill) => OutputAnswered(in answer, CallCost.Of(cost, 0), bill);

    /// <summary>The device works for so long before its next output leaves.</summary>
    protected void Spend(VirtualTime cost) => _paidUntil += cost;

    /// <summary>Takes back what was added first: it turned out that nothing changed.</summary>
    protected void DropFirstOutput() => _outputs.RemoveAt(0);

    private void AskForLock(in Message work)
    {
        _expired.Add(in work);
        _lockRequests++;
        Send(BigLock, MessageKind.LockRequest);
    }

    private void Proceed()
    {
        while (!_calling)
        {
            if (IsServing)
            {
                if (!TryFinish())
                {
                    return;
                }
            }
            else if (_waiting.IsEmpty && !_granted)
            {
                return;
            }
            else if (Now < _freeAt)
            {
                ArmTimer(StepTimer, _freeAt);
                return;
            }
            else if (!_waiting.TryTake(out _request) && !_expired.TryTake(out _request))
            {
                // The timer was set anew while the lock was waited for.
                Release(Now, unused: true);
            }
            else
            {
                _paidUntil = Now;
                (_outcome, _value, _reason, _result, _bill, _interHostCalls) = (0, 0, 0, 0, default, 0);
                NoteRequest();
                Serve(in _request);
            }
        }
    }

    /// <summary>Sends the next output, or waits until it may leave, or answers; true when the request is done with.</summary>
    private bool TryFinish()
    {
        while (_sent < _outputs.Count)
        {
            // An ioctl acts in its middle, as a trap does.
            var leaves = _paidUntil + Half(OutputCost);
            if (leaves > Now)
            {
                ArmTimer(StepTimer, leaves);
                return false;
            }

            _paidUntil = leaves;
            var output = _outputs[_sent++];
            var (source, origin) = Cause();
            _calling = SendOutput(in output, (output.Level ? 1UL : 0) | ((ulong)source << 8), origin);
            if (_calling)
            {
                NoteOutput(in output);
                return false;
            }

            _paidUntil += OutputCost - Half(OutputCost);
            _bill += OutputCost > VirtualTime.Zero ? CostBill.Once(CostKind.InjectionIoctl) : default;
        }

        _outputs.Clear();
        _sent = 0;
        Trace?.Served(Now, Address, _value);
        Answer(CallCost.Of(_paidUntil - _request.Due, _interHostCalls).Packed);
        _freeAt = VirtualTime.Max(Now, _paidUntil);
        if (_granted)
        {
            Release(_freeAt, unused: false);
        }

        _request = default;
        return true;
    }

    private void Release(VirtualTime freeAt, bool unused)
    {
        _granted = false;
        Send(BigLock, MessageKind.LockRelease, (ulong)freeAt.Picoseconds, unused ? 1UL : 0);
    }

    private void ForgetTimer(int timer)
    {
        _waiting.ForgetTimer(timer);
        _expired.ForgetTimer(timer);
    }

    private void OutputAnswered(in Message answer, CallCost cost, CostBill bill)
    {
        if (!_calling)
        {
            throw new SimulationException($"{Address} got an answer that it does not wait for at {Now}: {answer}");
        }

        _calling = false;
        _paidUntil += cost.Time + OutputCost - Half(OutputCost);
        _interHostCalls += cost.InterHostCalls;
        _bill += OutputCost > VirtualTime.Zero ? bill + CostBill.Once(CostKind.InjectionIoctl) : bill;
        Answered(in answer);
    }

    /// <summary>What an output of the request at hand comes from, and when that began: what a controller passes on keeps its source.</summary>
    private (InterruptSource Source, ulong Origin) Cause() => _request.Kind switch
    {
        MessageKind.PinInput or MessageKind.MessageSignal => ((InterruptSource)(byte)(_request.Word1 >> 8), _request.Word2),
        MessageKind.EventfdWrite or MessageKind.DoorbellRing => ((InterruptSource)(byte)(_request.Word1 >> 8), _request.Word2),
        MessageKind.Ioctl => CauseOfCall(),
        MessageKind.AnySend => (Source, _request.Word2),
        MessageKind.Timer => (Source, (ulong)_request.Due.Picoseconds),
        _ => (Source, _request.Word3),
    };

    /// <summary>What user space says of a raise is for statistics; a call that says nothing sensible is the source itself.</summary>
    private (InterruptSource Source, ulong Origin) CauseOfCall()
    {
        var (levelAndSource, origin) = ToldCause(in _request);
        var source = (byte)(levelAndSource >> 8);
        return source is <= (byte)InterruptSource.Rtc or (byte)InterruptSource.Doorbell && origin <= (ulong)_request.Due.Picoseconds && origin != 0
            ? ((InterruptSource)source, origin)
            : (Source, (ulong)_request.Due.Picoseconds);
    }

    /// <summary>Where a call of user space says what it comes from, and since when.</summary>
    protected virtual (ulong LevelAndSource, ulong Origin) ToldCause(in Message call) => (call.Word2, call.Word3);

    private void Answer(ulong cost)
    {
        switch (_request.Kind)
        {
            case MessageKind.IocsrRead:
            case MessageKind.IocsrWrite:
            case MessageKind.MmioRead:
            case MessageKind.MmioWrite:
                Send(_request.Source, MessageKind.AccessAnswer, _value, cost, (ulong)_reason, _bill.Beside(_outcome));
                break;
            case MessageKind.PinInput:
            case MessageKind.MessageSignal:
            case MessageKind.EventfdWrite:
            case MessageKind.EventfdRoute:
                Send(_request.Source, MessageKind.InputAnswer, cost, _bill.Packed, (ulong)(long)_result);
                break;
            case MessageKind.Ioctl:
                Send(_request.Source, MessageKind.IoctlAnswer, (ulong)(long)_result, _value, cost, _bill.Packed);
                break;
            case MessageKind.DeviceAttribute:
                Send(_request.Source, MessageKind.DeviceAttributeAnswer, (ulong)(long)_result, _value, cost, _bill.Packed);
                break;
            case MessageKind.AnySend:
                Send(_request.Source, MessageKind.IpiAnswer, cost, word3: _bill.Beside(_outcome));
                break;
            default:
                break;
        }
    }

    private void NoteRequest()
    {
        if (Trace is not { } trace)
        {
            return;
        }

        switch (_request.Kind)
        {
            case MessageKind.IocsrRead:
            case MessageKind.MmioRead:
                trace.Access(Now, Address, in _request, isWrite: false);
                break;
            case MessageKind.IocsrWrite:
            case MessageKind.MmioWrite:
                trace.Access(Now, Address, in _request, isWrite: true);
                break;
            case MessageKind.PinInput:
                trace.Request(Now, Address, TraceRequest.Input, _request.Source, (int)_request.Word0, _request.Word1 & 1);
                break;
            case MessageKind.EventfdWrite:
            case MessageKind.MessageSignal:
            case MessageKind.DoorbellRing:
                trace.Request(Now, Address, TraceRequest.Message, _request.Source, 0, _request.Word0);
                break;
            case MessageKind.AnySend:
                trace.Request(Now, Address, TraceRequest.Send, _request.Source, IpiRegisters.AnySend, _request.Word1);
                break;
            case MessageKind.Timer:
                trace.Request(Now, Address, TraceRequest.Timer, _request.Source, DeviceTimer(in _request));
                break;
            default:
                trace.Request(Now, Address, TraceRequest.Call, _request.Source, (int)_request.Kind, _request.Word0);
                break;
        }
    }

    private void NoteOutput(in DeviceOutput output)
    {
        if (Raises(in output))
        {
            Trace?.Output(Now, Address, (int)output.Number, output.Level);
        }
    }

    private static VirtualTime Half(VirtualTime cost) => new(cost.Picoseconds / 2);

    private void SyncOutputs(StateSync sync)
    {
        sync.List("outputs", "output", _outputs, OutputLimit, static (StateSync rows, ref DeviceOutput output) =>
        {
            var (number, level, address) = output;
            rows.Row("number", ref number);
            rows.Row("level", ref level);
            rows.Row("address", ref address);
            output = new DeviceOutput(number, level, address);
        });
        sync.Count("sent", ref _sent, _outputs.Count);
    }
}
