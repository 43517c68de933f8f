using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Devices.Common.Kvm;
using Trapline.Devices.Common.Transfer;
using Trapline.Messages;

namespace Trapline.Actors.Vmm.Migration;

/// <content>Sets what has come; then runs it, or leaves nothing of it.</content>
internal sealed partial class MigrationDestination
{
    /// <summary>The time for which <see cref="IMigrationCalls.WakeAt"/> was called.</summary>
    public void Wake()
    {
        switch (_phase)
        {
            case DestinationPhase.Setting:
                SetNext();
                break;
            case DestinationPhase.Starting:
                _phase = DestinationPhase.Running;
                RunAll();
                break;
        }
    }

    /// <summary>An ioctl was answered.</summary>
    public void Answered(int result)
    {
        switch (_phase)
        {
            case DestinationPhase.Setting when result != 0:
                Refuse(result, (StateGroup)_stream[_index].Group);
                break;
            case DestinationPhase.Setting:
                _index += LengthOfStep();
                calls.WakeAt(calls.Now + calls.Ioctl);
                break;
            case DestinationPhase.Running when result != 0:
                throw new SimulationException($"the vCPUs of host {host} do not run at {calls.Now}: errno {-result}");
            case DestinationPhase.Running when --_awaited == 0:
                Done();
                break;
            case DestinationPhase.Destroying:
                EndIfQuiet();
                break;
        }
    }

    /// <summary>A device has taken its rows, or refused them.</summary>
    public void SectionLoaded(int result)
    {
        if (_phase != DestinationPhase.SettingSection)
        {
            return;
        }

        if (result != 0)
        {
            Refuse(result, StateGroup.Devices);
            return;
        }

        _index += LengthOfStep();
        _phase = DestinationPhase.Setting;
        SetNext();
    }

    private void SetNext()
    {
        if (_index == _stream.Count)
        {
            _phase = DestinationPhase.Loaded;
            WaitForSource();
            Tell(MessageKind.StateLoaded);
            return;
        }

        var value = _stream[_index];
        var group = (StateGroup)value.Group;
        _phase = group == StateGroup.Devices ? DestinationPhase.SettingSection : DestinationPhase.Setting;
        switch (group)
        {
            case StateGroup.Routing:
                SetRoutes();
                break;
            case StateGroup.Irqfds:
                calls.AssignIrqfd(value.Number);
                break;
            case StateGroup.Devices:
                SendSection();
                break;
            default:
                if ((uint)value.Number >= (uint)table.Count || table[value.Number].Group != group)
                {
                    Refuse(Errno.InvalidArgument, group);
                    break;
                }

                calls.Call(in table[value.Number], isSet: true, value.Value);
                break;
        }
    }

    /// <summary>Values that are set together: all routes, all rows of a device; else one.</summary>
    private int LengthOfStep()
    {
        var head = _stream[_index];
        if ((StateGroup)head.Group is not (StateGroup.Routing or StateGroup.Devices))
        {
            return 1;
        }

        var length = 1;
        while (_index + length < _stream.Count && _stream[_index + length] is var next && next.Group == head.Group && next.Section == head.Section)
        {
            length++;
        }

        return length;
    }

    private void SetRoutes()
    {
        for (var i = _index; i < _index + LengthOfStep(); i++)
        {
            if (!calls.TrySetRoute(_stream[i].Number, _stream[i].Value))
            {
                Refuse(Errno.InvalidArgument, StateGroup.Routing);
                return;
            }
        }

        if (calls.RoutesInKernel)
        {
            calls.SetRouting();
            return;
        }

        _index += LengthOfStep();
        calls.WakeAt(calls.Now + calls.Ioctl);
    }

    private void SendSection()
    {
        var head = _stream[_index];
        var length = LengthOfStep();
        if (head.Section >= parts.Sections.Count)
        {
            Refuse(Errno.InvalidArgument, StateGroup.Devices);
            return;
        }

        var device = OnThisHost(parts.Sections[head.Section]);
        ulong[] rows = [.. Enumerable.Range(_index, length).Select(row => _stream[row].Value)];
        foreach (var (word0, words) in SectionInput.Messages(rows))
        {
            calls.Post(device, MessageKind.SectionRows, word0, words[0], words[1], words[2]);
        }
    }

    /// <summary>Every vCPU's thread calls KVM_RUN. One that had come to its end says so itself.</summary>
    private void RunAll()
    {
        _awaited = parts.Vcpus;
        for (var vcpu = 0; vcpu < parts.Vcpus; vcpu++)
        {
            calls.CallVm(KvmIoctl.Run, (ulong)vcpu);
        }
    }

    private void Done()
    {
        Tell(MessageKind.HandoverDone, 1, (ulong)_began.Picoseconds, (ulong)calls.Now.Picoseconds);
        _stream.Clear();
        (_phase, _linkDown) = (DestinationPhase.Idle, false);
        calls.TimeOutAt(VirtualTime.Never);
        calls.TookOver();
    }

    private void Refuse(int result, StateGroup group)
    {
        Tell(MessageKind.StateLoaded, (ulong)(long)result, (ulong)group);
        Destroy();
    }

    /// <summary>Also of a VM that is only half made: files that do not exist are refused, and nobody minds.</summary>
    /// <param name="awaited">Answers of the disk image that will still come.</param>
    private void Destroy(int awaited = 0)
    {
        _stream.Clear();
        _awaited = _phase == DestinationPhase.Resting ? _awaited + awaited : awaited;
        calls.WakeAt(VirtualTime.Never);
        calls.TimeOutAt(VirtualTime.Never);
        _phase = DestinationPhase.Destroying;
        _index = -1;
        EndIfQuiet();
    }

    private void AnsweredWhileEnding()
    {
        _awaited--;
        EndIfQuiet();
    }

    /// <summary>Closes the next file, once nothing that was asked is unanswered: an answer that came later would be taken for another one.</summary>
    private void EndIfQuiet()
    {
        if (_awaited > 0 || calls.HasOpenCall)
        {
            return;
        }

        if (!calls.CloseFile(++_index))
        {
            calls.EndProcess();
            (_phase, _linkDown) = (DestinationPhase.Idle, false);
        }
    }
}
