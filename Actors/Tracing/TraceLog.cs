using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Trapline.Actors.Devices;
using Trapline.Devices.Common;
using Trapline.Messages;

namespace Trapline.Actors.Tracing;

/// <summary>
/// What the actors of one group note while a window runs. It is kept until no group runs: the order of the output must
/// not depend on threads. Where nothing is traced there is no log, and noting costs one comparison with null.
/// </summary>
/// <param name="instructions">Whether somebody wants each instruction and each control register.</param>
public sealed class TraceLog(bool instructions)
{
    private readonly List<TraceEntry> _entries = [];

    /// <summary>In the order in which they were noted, which is that of their times.</summary>
    public ReadOnlySpan<TraceEntry> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>Whether instructions are kept; if not, noting them is in vain.</summary>
    public bool Instructions => instructions;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Instruction(VirtualTime at, ActorAddress vcpu, ulong pc)
    {
        if (instructions)
        {
            _entries.Add(new TraceEntry(at, vcpu, TraceKind.Instruction, Word0: pc));
        }
    }

    public void Add(in TraceEntry entry) => _entries.Add(entry);

    /// <summary>A device starts to serve an access.</summary>
    /// <param name="at">Now.</param>
    /// <param name="device">The device.</param>
    /// <param name="message">Says who asks, for which address and width, and what is written.</param>
    /// <param name="isWrite">Whether it is a write.</param>
    public void Access(VirtualTime at, ActorAddress device, in Message message, bool isWrite) => _entries.Add(new TraceEntry(
        at, device, TraceKind.Request, (byte)(isWrite ? TraceRequest.Write : TraceRequest.Read), (byte)message.Word1, RegisterAccess.Requester(in message), 0, message.Word0, isWrite ? message.Word2 : 0));

    /// <summary>A device starts to serve something that is no access of a vCPU.</summary>
    /// <param name="at">Now.</param>
    /// <param name="device">The device.</param>
    /// <param name="what">Which request.</param>
    /// <param name="from">Who asks.</param>
    /// <param name="number">Pin, timer or register.</param>
    /// <param name="value">Level, data or what is written.</param>
    public void Request(VirtualTime at, ActorAddress device, TraceRequest what, ActorAddress from, int number, ulong value = 0) =>
        _entries.Add(new TraceEntry(at, device, TraceKind.Request, (byte)what, 0, from, number, 0, value));

    /// <summary>A device has served what it was asked last.</summary>
    /// <param name="at">Now.</param>
    /// <param name="device">The device.</param>
    /// <param name="value">What a read gave.</param>
    public void Served(VirtualTime at, ActorAddress device, ulong value = 0) =>
        _entries.Add(new TraceEntry(at, device, TraceKind.Served, Word1: value));

    /// <summary>A device drives an output or sends a message, and somebody gets it.</summary>
    /// <param name="at">Now.</param>
    /// <param name="device">The device.</param>
    /// <param name="pin">Its number; of a message its data.</param>
    /// <param name="level">Of the pin; true for a message.</param>
    public void Output(VirtualTime at, ActorAddress device, int pin, bool level) =>
        _entries.Add(new TraceEntry(at, device, TraceKind.Output, level ? (byte)1 : (byte)0, Number: pin));

    /// <summary>A device reports what happened in it.</summary>
    public void Report(VirtualTime at, ActorAddress device, in DeviceReport report) =>
        _entries.Add(new TraceEntry(at, device, TraceKind.Report, (byte)report.Kind, 0, default, report.Line, report.Detail, report.Value));

    internal void Clear() => _entries.Clear();
}
