using Trapline.Actors.Devices;
using Trapline.Actors.Migration;
using Trapline.Devices.Common.Transfer;
using Trapline.Messages;

namespace Trapline.Actors.Vmm.Migration;

/// <content>The stop, and the reading out of all state: vCPUs first, then what interrupts, in its order, then one ioctl after the other.</content>
internal sealed partial class MigrationSource
{
    private bool HasStale => Plan.TransferFaults.Any(fault => fault.Kind == TransferFaultKind.Stale && fault.Group != StateGroup.Memory);

    /// <summary>A vCPU is out of KVM_RUN.</summary>
    public void RunStopped(int vcpu, bool ran)
    {
        if (_phase is not (SourcePhase.ReadingStale or SourcePhase.Halting or SourcePhase.GivingUp) || _halted[vcpu])
        {
            return;
        }

        (_halted[vcpu], _ran[vcpu]) = (true, ran);
        if (!_guestStopped)
        {
            // Nobody waits for it, but for the value that was asked with it.
            return;
        }

        _awaited--;
        if (_phase == SourcePhase.GivingUp)
        {
            AnsweredWhileGivingUp();
        }
        else if (_awaited == 0)
        {
            ReadCounter();
        }
    }

    /// <summary>A device has come to rest.</summary>
    public void AtRest()
    {
        _awaited--;
        if (_phase == SourcePhase.Resting)
        {
            RestNext();
        }
        else if (_phase == SourcePhase.GivingUp)
        {
            AnsweredWhileGivingUp();
        }
    }

    /// <summary>A device at rest has sent some of its rows.</summary>
    public void SectionRows(in Message rows)
    {
        var isLast = SectionInput.IsLast(in rows);
        if (_phase == SourcePhase.ReadingSection)
        {
            var count = SectionInput.CountOf(in rows);
            ReadOnlySpan<ulong> values = [rows.Word1, rows.Word2, rows.Word3];
            for (var i = 0; i < Math.Min(count, values.Length); i++)
            {
                _stream.Add(StateGroup.Devices, (int)(uint)rows.Word0 + i, values[i], _index);
            }
        }

        if (!isLast)
        {
            return;
        }

        _awaited--;
        if (_phase == SourcePhase.ReadingSection)
        {
            ReadNextSection();
        }
        else if (_phase == SourcePhase.GivingUp)
        {
            AnsweredWhileGivingUp();
        }
    }

    private void Stop()
    {
        if (!Enter(MigrationStep.Stop))
        {
            return;
        }

        _guestStopped = true;
        _phase = SourcePhase.Halting;
        _awaited = parts.Vcpus;
        for (var vcpu = 0; vcpu < parts.Vcpus; vcpu++)
        {
            calls.Post(Vcpu(vcpu), MessageKind.StopRun);
        }
    }

    /// <summary>At once, for it runs on: as QEMU does it when a VM is stopped (target/loongarch/kvm/kvm.c, kvm_loongarch_vm_stage_change).</summary>
    private void ReadCounter()
    {
        _phase = SourcePhase.ReadingCounter;
        _awaited = 1;
        calls.Call(in table[table.Counter], isSet: false, 0);
    }

    private void CounterRead(int result, ulong value)
    {
        _awaited = 0;
        if (result != 0)
        {
            (Result.Error, Result.Refused) = (result, (byte)StateGroup.Counter);
            GiveUp(MigrationOutcome.Failed, MigrationSide.Source);
            return;
        }

        (_counter, _hasCounter) = (value, true);
        _phase = SourcePhase.Resting;
        RestNext();
    }

    private void RestNext()
    {
        if (_resting < parts.Interrupting.Count)
        {
            _awaited = 1;
            calls.Post(OnThisHost(parts.Interrupting[_resting++]), MessageKind.Rest, 1);
            return;
        }

        Save();
    }

    private void Save()
    {
        if (!Enter(MigrationStep.Save))
        {
            return;
        }

        calls.Inspect(table.SavesIntoMemory ? InspectedParts.Registers : InspectedParts.All, isAfter: false, host, _ordinal);
        calls.AddRoutes(_stream);
        _phase = SourcePhase.Reading;
        _index = -1;
        ReadNext();
    }

    /// <summary>The next value that the kernel has, or the next step that makes it write state into guest memory; steps of the destination are passed on.</summary>
    private void ReadNext()
    {
        while (++_index < table.Count)
        {
            ref readonly var item = ref table[_index];
            if (_phase == SourcePhase.ReadingStale && !IsStale(item.Group))
            {
                continue;
            }

            if (item.Group == StateGroup.Counter && _hasCounter)
            {
                StreamOf(_phase).Add(item.Group, _index, _counter);
                continue;
            }

            if (table.SavesIntoMemory && _phase == SourcePhase.Reading && !item.IsSave && (_index == 0 || table[_index - 1].IsSave))
            {
                calls.Inspect(InspectedParts.Memory, isAfter: false, host, _ordinal);
            }

            if (item.IsSave && IsLeftOut(item.Group))
            {
                continue;
            }

            if (!item.IsLoad)
            {
                _awaited = 1;
                if (_phase == SourcePhase.ReadingStale && item.Device == 0 && !_halted[item.Vcpu])
                {
                    // Inside KVM_RUN a vCPU answers no ioctl: as QEMU's run_on_cpu does, a signal makes it return.
                    calls.Post(Vcpu(item.Vcpu), MessageKind.StopRun);
                }

                calls.Call(in item, isSet: item.IsSave, 0);
                return;
            }

            StreamOf(_phase).Add(item.Group, _index, item.Given);
        }

        if (_phase == SourcePhase.ReadingStale)
        {
            Rerun();
            return;
        }

        _phase = SourcePhase.ReadingSection;
        _index = -1;
        ReadNextSection();
    }

    /// <summary>vCPUs that returned to be read go on.</summary>
    private void Rerun()
    {
        _phase = SourcePhase.Rerunning;
        RunHalted();
        if (_awaited == 0)
        {
            BeginPrecopy();
        }
    }

    private void ValueRead(int result, ulong value)
    {
        _awaited = 0;
        if (result != 0)
        {
            (Result.Error, Result.Refused) = (result, (byte)table[_index].Group);
            GiveUp(MigrationOutcome.Failed, MigrationSide.Source);
            return;
        }

        if (!table[_index].IsSave)
        {
            StreamOf(_phase).Add(table[_index].Group, _index, value);
        }

        calls.WakeAt(calls.Now + calls.Ioctl);
    }

    private void ReadNextSection()
    {
        if (++_index < parts.Sections.Count)
        {
            _awaited = 1;
            calls.Post(OnThisHost(parts.Sections[_index]), MessageKind.SectionGet);
            return;
        }

        Result.Pending = PendingCount.Of(_stream, table);
        Result.StateItems = _stream.Count;
        if (Plan.TransferFaults.Any(fault => fault.Group == StateGroup.Memory && fault.Kind is TransferFaultKind.Omit or TransferFaultKind.Stale))
        {
            // What became dirty since the last round stays behind.
            Transfer();
            return;
        }

        CopyRound();
    }

    private TransferStream StreamOf(SourcePhase phase) => phase == SourcePhase.ReadingStale ? _stale : _stream;

    /// <summary>A planned fault: a step that is made here cannot be taken out of what is sent.</summary>
    private bool IsLeftOut(StateGroup group) => Plan.TransferFaults.Any(fault => fault.Kind == TransferFaultKind.Omit && fault.Group == group);

    private bool IsStale(StateGroup group) => Plan.TransferFaults.Any(fault => fault.Kind == TransferFaultKind.Stale && fault.Group == group);

    private ActorAddress OnThisHost(ActorAddress actor) => new(host, actor.Role, actor.Index);

    private ActorAddress Vcpu(int index) => new(host, ActorRole.Vcpu, index);
}
