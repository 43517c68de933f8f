using System.Runtime.CompilerServices;
using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Bench.Phold;

/// <summary>
/// A logical process of PHOLD. It draws what a process of the bare loop draws, from the same generator in the same order, so
/// that both handle the same events and a difference in their number is a mistake.
/// </summary>
internal sealed class PholdProcess : Actor
{
    private readonly PholdModel _model;
    private ulong _random;

    public PholdProcess(ActorAddress address, PholdModel model)
        : base(address)
    {
        _model = model;
        _random = ((ulong)address.Index * 0x9E3779B97F4A7C15UL) + 12345;
    }

    public static ActorAddress At(int index) => new(0, ActorRole.Process, index);

    public override void Start()
    {
        for (var i = 0; i < _model.EventsEach; i++)
        {
            SendAfter(Delay(), Address, MessageKind.Synthetic);
        }
    }

    protected override void Handle(in Message message)
    {
        var target = NextDouble() <= _model.Remote ? At((int)(NextDouble() * _model.Processes)) : Address;
        SendAfter(Delay(), target, MessageKind.Synthetic);
    }

    protected override void SyncRows(StateSync sync) => sync.Row("random", ref _random);

    private VirtualTime Delay()
    {
        var units = (-Math.Log(1 - NextDouble()) * (1 - _model.Lookahead)) + _model.Lookahead;
        return new VirtualTime((long)(units * PholdModel.PicosecondsPerUnit));
    }

    /// <summary>SplitMix64, uniform in [0, 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double NextDouble()
    {
        var z = _random += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
