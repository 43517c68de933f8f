using Trapline.Actors.Kernel;
using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Publishing;

/// <summary>
/// The owner's side of a read-mostly table of the whole VM: changes go to every copy and are complete when all have taken
/// them over. Changes of one instant go together, as one version. Rows of the owning actor; it sends and is told of the answers.
/// </summary>
/// <param name="table">Which table.</param>
/// <param name="copies">Who keeps a copy; where nobody does a change is complete at once.</param>
/// <param name="rows">How many rows the table has.</param>
public sealed class Publication(PublishedTable table, IEnumerable<ActorAddress> copies, int rows)
{
    private const int OpenLimit = 4096;

    private readonly ActorAddress[] _copies = [.. copies];
    private readonly ulong[] _changed = Filled((rows + PublishedRows.Count - 1) / PublishedRows.Count);
    private readonly List<Waiter> _waiters = [];
    private readonly List<Change> _open = [];
    private ulong _version;

    /// <summary>A row of the table has another value; <see cref="Publish"/> sends it.</summary>
    /// <param name="index">Of the row.</param>
    /// <param name="value">Under 65535.</param>
    public void Add(ulong index, ulong value)
    {
        ref var block = ref _changed[index / PublishedRows.Count];
        block = PublishedRows.With(block, (int)(index % PublishedRows.Count), value);
    }

    /// <summary>Somebody is to be told when all copies have what was added.</summary>
    public void AddWaiter(ActorAddress requester) => _waiters.Add(new Waiter { Version = _version + 1, Requester = requester });

    /// <summary>Sends what was added to all copies, each of which acknowledges it.</summary>
    /// <param name="send">Sends one message (target, kind, four words).</param>
    public void Publish(Action<ActorAddress, MessageKind, ulong, ulong, ulong, ulong> send)
    {
        _version++;
        _open.Add(new Change { Version = _version, Missing = _copies.Length });
        SendChanges(send, isAcknowledged: true);
    }

    /// <summary>Sends what was added to copies that cannot be asked before it arrives.</summary>
    /// <param name="send">As in <see cref="Publish"/>.</param>
    public void PublishUnacknowledged(Action<ActorAddress, MessageKind, ulong, ulong, ulong, ulong> send)
    {
        _version++;
        SendChanges(send, isAcknowledged: false);
    }

    /// <summary>A copy has acknowledged a version.</summary>
    public void Acknowledge(in Message answer)
    {
        var version = answer.Word3;
        var index = _open.FindIndex(change => change.Version == version);
        if (index < 0)
        {
            throw new InvalidOperationException($"{answer.Source} acknowledges version {version} of {table}, which is not open");
        }

        _open[index] = _open[index] with { Missing = _open[index].Missing - 1 };
    }

    /// <summary>Takes the next one whose change every copy has.</summary>
    public bool TryTakeCompleted(out ActorAddress requester)
    {
        _open.RemoveAll(change => change.Missing == 0);
        var index = _waiters.FindIndex(waiter => waiter.Version <= _version && !_open.Exists(change => change.Version == waiter.Version));
        requester = index < 0 ? default : _waiters[index].Requester;
        if (index >= 0)
        {
            _waiters.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <param name="sync">The pass.</param>
    /// <param name="owner">Of the table.</param>
    public void SyncState(StateSync sync, Actor owner)
    {
        ArgumentNullException.ThrowIfNull(sync);
        ArgumentNullException.ThrowIfNull(owner);
        sync.Row("version", ref _version);
        sync.Row("changed", _changed);
        sync.List("waiters", "waiter", _waiters, OpenLimit, static (StateSync rows, ref Waiter waiter) =>
        {
            rows.Row("version", ref waiter.Version);
            rows.Row("requester", ref waiter.Requester);
        });
        sync.List("open", "change", _open, OpenLimit, static (StateSync rows, ref Change change) =>
        {
            rows.Row("version", ref change.Version);
            rows.Row("missing", ref change.Missing);
        });
        if (sync.Loading)
        {
            CheckLoaded(owner);
        }
    }

    /// <summary>A change that waits for more answers than there are copies, or a waiter of a version to come, would wait for ever.</summary>
    private void CheckLoaded(Actor owner)
    {
        foreach (var waiter in _waiters)
        {
            owner.CheckKnown("waiter", waiter.Requester);
            if (waiter.Version > _version + 1 || waiter.Requester == default)
            {
                throw new StateFormatException($"row 'waiter': {waiter.Requester} waits for version {waiter.Version}, the table has {_version}");
            }
        }

        foreach (var change in _open)
        {
            if (change.Version > _version || change.Missing < 0 || change.Missing > _copies.Length)
            {
                throw new StateFormatException($"row 'change': version {change.Version} of {_version} lacks {change.Missing} answers of {_copies.Length} copies");
            }
        }

        for (var row = 0; row < _changed.Length * PublishedRows.Count; row++)
        {
            if (row >= rows && PublishedRows.Get(_changed[row / PublishedRows.Count], row % PublishedRows.Count) != PublishedRows.Unchanged)
            {
                throw new StateFormatException($"row 'changed[{row / PublishedRows.Count}]': row {row} has changed, but the table has {rows}");
            }
        }
    }

    private void SendChanges(Action<ActorAddress, MessageKind, ulong, ulong, ulong, ulong> send, bool isAcknowledged)
    {
        ArgumentNullException.ThrowIfNull(send);
        var last = Array.FindLastIndex(_changed, block => block != PublishedRows.AllUnchanged);
        for (var block = 0; block <= last; block++)
        {
            if (_changed[block] == PublishedRows.AllUnchanged)
            {
                continue;
            }

            foreach (var copy in _copies)
            {
                send(copy, MessageKind.Publish, PublishedRows.Head(table, isAcknowledged && block == last), (ulong)(block * PublishedRows.Count), _changed[block], _version);
            }

            _changed[block] = PublishedRows.AllUnchanged;
        }
    }

    private static ulong[] Filled(int blocks)
    {
        var changed = new ulong[blocks];
        changed.AsSpan().Fill(PublishedRows.AllUnchanged);
        return changed;
    }

    private struct Change
    {
        public ulong Version;
        public int Missing;
    }

    private struct Waiter
    {
        public ulong Version;
        public ActorAddress Requester;
    }
}
