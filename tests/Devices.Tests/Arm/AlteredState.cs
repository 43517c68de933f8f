using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Arm;

/// <summary>Rows as they were, but for one.</summary>
internal sealed class AlteredState(IReadOnlyList<KeyValuePair<string, ulong>> rows, int altered, ulong value) : StateSync
{
    private int _at;

    public override bool Loading => true;

    public override void Row(string name, ref ulong row)
    {
        row = _at == altered ? value : rows[_at].Value;
        _at++;
    }
}
