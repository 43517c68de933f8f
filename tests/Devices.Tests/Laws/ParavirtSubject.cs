using Trapline.Devices.LoongArch.Paravirt;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>Hypercalls, features, CPUCFG words and steal time of a vCPU, and a paravirtual IPI on its way.</summary>
internal sealed class ParavirtSubject : LawSubject
{
    private readonly ParavirtProfile _profile;
    private readonly ParavirtFeatures _features;
    private readonly ConfigurationWords _words;
    private readonly StealTime _stealTime = new();
    private readonly Hypercalls _hypercalls;
    private readonly VcpuAttributes _attributes;
    private IpiTargets _targets;

    public ParavirtSubject(ParavirtProfile profile)
    {
        _profile = profile;
        _features = new ParavirtFeatures(profile, hostAccounts: true);
        _words = new ConfigurationWords(profile, _features);
        _hypercalls = new Hypercalls(profile, _features, _stealTime);
        _attributes = new VcpuAttributes(_features, _stealTime, memoryEnd: 0x1000);
    }

    public override void SyncState(StateSync sync)
    {
        _features.SyncState(sync);
        _words.SyncState(sync);
        _stealTime.SyncState(sync);
        _hypercalls.SyncState(sync);
        _targets.SyncState(sync);
    }

    protected override string Act(Step step)
    {
        var address = ((step.Value << 6) & 0x1FFF) | (uint)(step.Place % 3);
        switch (step.Action % 11)
        {
            case 0:
                return $"{_hypercalls.Dispatch(0x100 + (step.Place % 5), new HypercallArguments(step.Value % 4, step.Value, address, 0, 0, 0))}";
            case 1:
                return $"{_hypercalls.Dispatch(0x100, new HypercallArguments(2, 4, address, 0, 0, 0))} {_hypercalls.Exits}";
            case 2:
                return $"{_words.TryEmulate(TrappedInstruction.OfConfiguration(4, 5), step.Place % 3 == 0 ? 0x4000_0004 : step.Value % 24, step.Place % 4, out var value)} {value:x}";
            case 3:
                _words.Store(step.Place % ConfigurationWords.StoredCount, (uint)step.Value);
                return $"{_words.Native((uint)step.Value % 24):x} {_words.Exits}";
            case 4:
                return $"{_features.Set(step.Value & 0x0300_000F)} {_features.Word:x} {_features.IsFixed}";
            case 5 when step.Place % 8 == 0:
                _features.Reset();
                _stealTime.Reset();
                return "reset";
            case 6:
                return $"{_attributes.Set((uint)step.Place % 3, step.Place % 2 == 0 ? 0 : ConfigurationWords.FeaturesIndex, BitConverter.GetBytes(address))}";
            case 7:
                _hypercalls.Debugging = step.Place % 2 == 0;
                _stealTime.RequestUpdate();
                return $"{_stealTime.Address:x} {_stealTime.UpdateWanted} {_hypercalls.Debugging}";
            case 8 when _stealTime.UpdateWanted:
                _stealTime.Update(World, new VirtualTime((long)(step.Value >> 24)), step.Place % 2 == 0);
                return "updated";
            case 9:
                _targets = new IpiTargets(new HypercallArguments(1, step.Value, ~step.Value, (ulong)step.Place, 0, 0), _profile.SecondBitmap);
                return "targets";
            default:
                return $"{_targets.TryTake(out var cpuId)} {cpuId}";
        }
    }
}
