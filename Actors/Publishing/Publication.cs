using Trapline.Messages;
using Trapline.Messages.State;

namespace Trapline.Actors.Publishing;

/// <summary>
/// The owner's side of a read-mostly table of the whole VM: a change goes to every copy and is complete when all have
/// taken it over. Rows of the owning actor; it sends and is told of the answers.
/// </summary>
public sealed class Publication
{
    private const int OpenLimit = 4096;

    private readonly PublishedTable _table;
    private readonly ActorAddress[] _copies;
    private readonly List<Change> _open = [];
    private ulong _version;

    public Publication(PublishedTable table, IEnumerable<ActorAddress> copies)
    {
        _table = table;
        _copies = [.. copies];
    }

    /// <summary>Sends a change to all copies; the requester is named again when it is complete.</summary>
    /// <param name="send">Sends one message (target, kind, four words).</param>
    /// <param name="index">Row of the table.</param>
    /// <param name="value">Its new value.</param>
    /// <param name="requester">Who waits for the completion.</param>
    public void Publish(Action<ActorAddress, MessageKind, ulong, ulong, ulong, ulong> send, ulong index, ulong value, ActorAddress requester)
    {
        ArgumentNullException.ThrowIfNull(send);
        _version++;
        _open.Add(new Change { Version = _version, Missing = _copies.Length, Requester = requester });
        foreach (var copy in _copies)
        {
            send(copy, MessageKind.Publish, (ulong)_table, index, value, _version);
        }
    }

    /// <summary>Takes an answer; true, with the requester, when the change it belongs to is complete.</summary>
    public bool Completes(in Message answer, out ActorAddress requester)
    {
        for (var i = 0; i < _open.Count; i++)
        {
            var change = _open[i];
            if (change.Version == answer.Word3)
            {
                requester = change.Requester;
                if (--change.Missing > 0)
                {
                    _open[i] = change;
                    return false;
                }

                _open.RemoveAt(i);
                return true;
            }
        }

        throw new InvalidOperationException($"{answer.Source} acknowledges version {answer.Word3} of {_table}, which is not open");
    }

    public void SyncState(StateSync sync)
    {
        ArgumentNullException.ThrowIfNull(sync);
        sync.Row("version", ref _version);
        sync.List("open", "change", _open, OpenLimit, static (StateSync rows, ref Change change) =>
        {
            rows.Row("version", ref change.Version);
            rows.Row("missing", ref change.Missing);
            rows.Row("requester", ref change.Requester);
        });
    }

    private struct Change
    {
        public ulong Version;
        public int Missing;
        public ActorAddress Requester;
    }
}
