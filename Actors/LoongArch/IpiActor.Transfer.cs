using Trapline.Actors.Devices;
using Trapline.Actors.Kernel;
using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Ipi;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.LoongArch;

/// <summary>The unit comes to rest, and its registers go out and in: as a section where it is in user space, by attributes otherwise.</summary>
public sealed partial class IpiActor
{
    private readonly SectionInput _input = new();
    private bool _restWanted;
    private ActorAddress _restAsker;

    private bool IsIdle => !_lineOpen && !_accessOpen && _waiting.IsEmpty;

    /// <summary>In the kernel who has which id goes with the VM; in user space it is part of the machine.</summary>
    private void ChangeLife(bool exists)
    {
        _exists = exists;
        _unit = new IpiUnit(this, _profile, Address.Index);
        (_restWanted, _restAsker, _level) = (false, default, false);
        _input.Clear();
        if (!exists && !_placement.ControllersInUserSpace)
        {
            _cpuIds.Clear();
        }

        Observer?.Replaced(this);
    }

    private void TakeTransfer(in Message message)
    {
        switch (message.Kind)
        {
            case MessageKind.Rest:
                // It has no timer that would stop: at rest it is as it is.
                (_restWanted, _restAsker) = (message.Word0 != 0, message.Source);
                break;
            case MessageKind.SectionGet when !IsIdle:
                throw new SimulationException($"{Address} is asked by {message.Source} for its section at {Now}, but it is not at rest: send Rest first and await AtRest");
            case MessageKind.SectionGet:
                foreach (var (word0, rows) in SectionInput.Messages(StateWords.Collect(_unit.SyncState, SectionInput.MostRows)))
                {
                    Send(message.Source, MessageKind.SectionRows, word0, rows[0], rows[1], rows[2]);
                }

                break;
            default:
                if (_input.Take(in message) is { } isWhole)
                {
                    var loaded = isWhole && IsIdle && TryLoad();
                    _input.Clear();
                    Send(message.Source, MessageKind.SectionLoaded, loaded ? 0 : unchecked((ulong)(long)Errno.InvalidArgument));
                }

                break;
        }
    }

    private bool TryLoad()
    {
        var unit = new IpiUnit(this, _profile, Address.Index);
        try
        {
            StateWords.Load(_input.Rows, unit.SyncState);
        }
        catch (StateFormatException)
        {
            return false;
        }

        _unit = unit;
        Observer?.Replaced(this);
        return true;
    }

    internal override void SyncRegisters(StateSync sync) => _unit.SyncState(sync);

    private void ComeToRest()
    {
        if (_restWanted && IsIdle)
        {
            _restWanted = false;
            Send(_restAsker, MessageKind.AtRest);
        }
    }

    /// <summary>Rows only where a VM may leave its host: other runs keep their digests.</summary>
    private void SyncTransfer(StateSync sync)
    {
        if (!IsMigratable)
        {
            return;
        }

        sync.Begin("transfer");
        sync.Row("restWanted", ref _restWanted);
        sync.Row("restAsker", ref _restAsker);
        _input.SyncState(sync);
        sync.End();
    }
}
