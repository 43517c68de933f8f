using Trapline.Messages.State;

namespace Trapline.Cluster.Attempts;

/// <summary>Where the wall time of one node went. Microseconds.</summary>
internal sealed class NodeTimes
{
    private long _groups;
    private long _computed;
    private long _exchanged;
    private long _messages;

    public long Groups { get => _groups; set => _groups = value; }

    /// <summary>In which it ran groups.</summary>
    public long Computed { get => _computed; set => _computed = value; }

    /// <summary>In which it exchanged windows.</summary>
    public long Exchanged { get => _exchanged; set => _exchanged = value; }

    /// <summary>Sent to other nodes.</summary>
    public long Messages { get => _messages; set => _messages = value; }

    public void SyncState(StateSync sync)
    {
        sync.Row("groups", ref _groups);
        sync.Row("computed", ref _computed);
        sync.Row("exchanged", ref _exchanged);
        sync.Row("messages", ref _messages);
    }
}
