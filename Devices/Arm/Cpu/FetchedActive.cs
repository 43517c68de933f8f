using Trapline.Messages.State;

namespace Trapline.Devices.Arm.Cpu;

/// <summary>
/// SPIs that the board has fetched while they were active on this CPU, each until it is handed over again. The guest may end one
/// meanwhile; the sequence of its last hand-over then says which activation is meant.
/// </summary>
internal sealed class FetchedActive
{
    // Never gone through but in order of INTIDs.
    private readonly Dictionary<int, uint> _sequences = [];

    public void Note(int interruptId, uint sequence) => _sequences[interruptId] = sequence;

    public void Forget(int interruptId)
    {
        if (_sequences.Count > 0)
        {
            _sequences.Remove(interruptId);
        }
    }

    /// <summary>0 where it was not fetched active.</summary>
    public uint SequenceOf(int interruptId) => _sequences.GetValueOrDefault(interruptId);

    public void SyncState(StateSync sync)
    {
        var rows = sync.Loading ? [] : _sequences.Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key).ToList();
        sync.List("fetched active", "fetched", rows, InterruptIds.FirstSpecial - InterruptIds.FirstSpi, static (StateSync sync, ref (int InterruptId, uint Sequence) row) =>
        {
            sync.Row("interrupt", ref row.InterruptId);
            sync.Row("sequence", ref row.Sequence);
        });
        if (!sync.Loading)
        {
            return;
        }

        _sequences.Clear();
        foreach (var (interruptId, sequence) in rows)
        {
            if (!InterruptIds.IsSpi(interruptId) || !_sequences.TryAdd(interruptId, sequence))
            {
                throw new StateFormatException($"row 'fetched': INTID {interruptId} is no SPI, or comes twice");
            }
        }
    }
}
