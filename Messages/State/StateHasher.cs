namespace Trapline.Messages.State;

/// <summary>Chains rows into a digest. Names are not hashed: renaming a row changes no run.</summary>
public sealed class StateHasher : StateSync
{
    private Digest128 _digest = Digest128.Empty;

    public Digest128 Digest => _digest;

    public override void Row(string name, ref ulong value) => _digest.Absorb(value);

    public override void Row(string name, Span<byte> values) => _digest.Absorb(values);

    public void Clear() => _digest = Digest128.Empty;
}
