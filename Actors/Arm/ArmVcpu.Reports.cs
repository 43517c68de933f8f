using Trapline.Actors.Devices;
using Trapline.Actors.Statistics;
using Trapline.Actors.Vcpus;
using Trapline.Devices.Arm;
using Trapline.Devices.Arm.Cpu;
using Trapline.Devices.Common;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Arm;

/// <summary>
/// What the CPU interface says happened: counted, and measured from the raise to the handler. A raise that waits has an entry until it
/// is acknowledged or taken back; a level that is found high again afterwards is the same raise.
/// </summary>
public sealed partial class ArmVcpu
{
    private static readonly long Measured = VirtualTime.Never.Picoseconds;

    // Of SGIs and PPIs: which have a raise that waits, when it began, ps, or that it is measured already, and its class.
    private readonly long[] _privateOrigins = new long[InterruptIds.PrivateCount];
    private readonly byte[] _privatePaths = new byte[InterruptIds.PrivateCount];
    private uint _privateRaises;

    // Of what is driven or written now and raises SGIs or PPIs; null while a timer may do so, or an SGI register.
    private Raise? _cause;

    // The same of SPIs and LPIs that the board has handed over.
    private readonly Dictionary<int, Raise> _heldRaises = [];
    private InterruptFates _heldFates;

    /// <summary>
    /// SPIs and LPIs here: raises that met this CPU when it had the interrupt already, and all that were handled or taken back. What the board
    /// raised is counted there.
    /// </summary>
    public InterruptFates HeldFates => _heldFates;

    /// <summary>SGIs and PPIs with a raise that waits, a bit of each.</summary>
    public uint OpenPrivate => _privateRaises;

    /// <summary>Those of <see cref="OpenPrivate"/> that could not be taken at the end of a run: they are disabled.</summary>
    public uint MaskedPrivate
    {
        get
        {
            _cpu.Gic.ReadFrame(SgiFrameRegisters.SetEnable, sizeof(uint), out var enabled);
            return _privateRaises & ~(uint)enabled;
        }
    }

    void IDeviceHost.Report(in DeviceReport report)
    {
        Observer?.Reported(this, in report);
        if (report.Kind == ReportKind.Acknowledged)
        {
            Statistics.InterruptTaken(InterruptClasses.Of(report.Line));
        }

        if (report.Kind is ReportKind.Acknowledged or ReportKind.Delivered)
        {
            MeasureLatency(report.Line);
        }

        if (InterruptIds.IsPrivate(report.Line))
        {
            CountPrivate(in report);
        }
        else
        {
            CountHeld(in report);
        }
    }

    private void CountPrivate(in DeviceReport report)
    {
        var isSgi = InterruptIds.IsSgi(report.Line);
        ref var fates = ref isSgi ? ref Statistics.SoftwareFates : ref Statistics.OwnFates;
        var bit = 1u << report.Line;
        var isOpen = (_privateRaises & bit) != 0;
        switch (report.Kind)
        {
            case ReportKind.Raised or ReportKind.Coalesced:
                fates.Raised++;
                fates.Coalesced += isOpen ? 1 : 0;
                _privateRaises |= bit;
                if (!isOpen && (_cause is not null || !isSgi))
                {
                    var (origin, path) = _cause ?? new Raise(Now.Picoseconds, LatencyPaths.Timer);
                    (_privateOrigins[report.Line], _privatePaths[report.Line]) = (origin, path);
                }

                break;
            case ReportKind.Acknowledged when isOpen:
                fates.Handled++;
                _privateRaises &= ~bit;
                break;
            case ReportKind.Withdrawn when isOpen:
                fates.Withdrawn++;
                ForgetOrigin(report.Line);
                break;
            default:
                break;
        }
    }

    /// <summary>What a raise is that comes now; nothing that a message says of a source that does not exist, or of the future, is believed.</summary>
    private Raise? CauseOf(InterruptSource source, VirtualTime origin) =>
        LatencyPaths.Exists(source) && origin >= VirtualTime.Zero && origin <= Now ? new Raise(origin.Picoseconds, (byte)LatencyPaths.Of(source)) : null;

    private void CountHeld(in DeviceReport report)
    {
        switch (report.Kind)
        {
            case ReportKind.Raised:
                _heldFates.Raised++;
                break;
            case ReportKind.Coalesced:
                _heldFates.Raised++;
                _heldFates.Coalesced++;
                break;
            case ReportKind.Acknowledged when _heldRaises.Remove(report.Line):
                _heldFates.Handled++;
                break;
            case ReportKind.Withdrawn when _heldRaises.Remove(report.Line):
                _heldFates.Withdrawn++;
                break;
            default:
                break;
        }
    }

    /// <summary>A raise comes. One that finds its like waiting is answered with it, and measured from the first.</summary>
    private void NoteOrigin(int interruptId, InterruptSource source, VirtualTime origin)
    {
        var path = (byte)LatencyPaths.Of(source);
        if (InterruptIds.IsPrivate(interruptId))
        {
            if (_privateOrigins[interruptId] == Measured)
            {
                (_privateOrigins[interruptId], _privatePaths[interruptId]) = (origin.Picoseconds, path);
            }
        }
        else
        {
            _heldRaises.TryAdd(interruptId, new Raise(origin.Picoseconds, path));
        }
    }

    private void ForgetOrigin(int interruptId)
    {
        if (InterruptIds.IsPrivate(interruptId))
        {
            _privateRaises &= ~(1u << interruptId);
            _privateOrigins[interruptId] = Measured;
        }
        else
        {
            _heldRaises.Remove(interruptId);
        }
    }

    /// <summary>
    /// User space sets what was pending on another host, where it was counted as raised: latches, and wires whose interrupt nobody has acknowledged there. It is not
    /// measured, for it began by another host's clock.
    /// </summary>
    private void TakeOverRaises() => _privateRaises |= _gicUapi.GetFrame((uint)SgiFrameRegisters.SetPending)
        | (_gicUapi.GetLineLevels() & ~_gicUapi.GetFrame((uint)SgiFrameRegisters.SetActive));

    /// <summary>The VM is gone. What waits is taken over where it runs on.</summary>
    private void ForgetRaises()
    {
        _privateRaises = 0;
        Array.Fill(_privateOrigins, Measured);
        _heldRaises.Clear();
    }

    private void MeasureLatency(int interruptId)
    {
        if (InterruptIds.IsPrivate(interruptId))
        {
            Measure(new Raise(_privateOrigins[interruptId], _privatePaths[interruptId]));
            _privateOrigins[interruptId] = Measured;
        }
        else if (_heldRaises.TryGetValue(interruptId, out var raise))
        {
            Measure(raise);
            _heldRaises[interruptId] = raise with { Origin = Measured };
        }
    }

    private void Measure(in Raise raise)
    {
        if (raise.Origin != Measured)
        {
            Statistics.Latency(raise.Path, Now - new VirtualTime(raise.Origin));
        }
    }

    private void SyncReports(StateSync sync)
    {
        sync.Begin("raises");
        sync.Row("private", ref _privateRaises);
        sync.Row("origin", _privateOrigins);
        sync.Row("path", _privatePaths);
        _heldFates.SyncState(sync);
        var held = sync.Loading ? [] : _heldRaises.OrderBy(entry => entry.Key).Select(entry => new HeldRaise { InterruptId = entry.Key, Raise = entry.Value }).ToList();
        sync.List("held", "raise", held, GicCpu.MaximumHeld, static (StateSync rows, ref HeldRaise one) =>
        {
            var (origin, path) = one.Raise;
            rows.Row("intid", ref one.InterruptId);
            rows.Row("origin", ref origin);
            rows.Row("path", ref path);
            one.Raise = new Raise(origin, path);
        });
        sync.End();
        if (sync.Loading)
        {
            CheckRaises(held);
        }
    }

    private void CheckRaises(List<HeldRaise> held)
    {
        bool IsPossible(Raise raise) => raise.Path < LatencyPaths.Names.Count && (raise.Origin == Measured || (raise.Origin >= 0 && raise.Origin <= Now.Picoseconds));

        _heldRaises.Clear();
        foreach (var (interruptId, raise) in held.Select(one => (one.InterruptId, one.Raise)))
        {
            if (!IsPossible(raise) || InterruptIds.IsPrivate(interruptId) || !_heldRaises.TryAdd(interruptId, raise))
            {
                throw new StateFormatException($"row 'raise': INTID {interruptId} was raised after {Now}, by nobody, or comes twice");
            }
        }

        for (var interruptId = 0; interruptId < InterruptIds.PrivateCount; interruptId++)
        {
            if (!IsPossible(new Raise(_privateOrigins[interruptId], _privatePaths[interruptId])))
            {
                throw new StateFormatException($"row 'raises': INTID {interruptId} was raised after {Now}, or by nobody");
            }
        }
    }

    /// <param name="Origin">When it began, ps; <see cref="Measured"/> where its handler has been entered.</param>
    /// <param name="Path">Of <see cref="LatencyPaths"/>.</param>
    private readonly record struct Raise(long Origin, byte Path);

    private struct HeldRaise
    {
        public int InterruptId;
        public Raise Raise;
    }
}
