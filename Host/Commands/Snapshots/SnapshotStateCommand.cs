using Trapline.Cluster.Runs.Checkpoints;
using Trapline.Host.Reports.Snapshots;
using Trapline.Machines.Text;
using Trapline.Messages;
using Trapline.Persistence;
using Trapline.Persistence.Identity;

namespace Trapline.Host.Commands.Snapshots;

/// <summary>What <c>show</c> and <c>diff</c> have in common: from an id to rows.</summary>
internal static class SnapshotStateCommand
{
    /// <summary>The checkpoint and its actors, those alone whose names fit.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="id">Its id, or a beginning of it.</param>
    /// <param name="pattern">A name in which <c>*</c> stands for anything; null for all.</param>
    /// <exception cref="CommandException">No actor has such a name.</exception>
    public static (SnapshotRow Row, IReadOnlyList<ActorState> Actors) Read(ICheckpointStore store, string id, string? pattern)
    {
        var stored = CheckpointIds.Find(store.List(), id, store.Place);
        var all = SnapshotState.Of(RestoredRun.Open(stored.Id, store.Load(stored.Id)));
        IReadOnlyList<ActorState> actors = pattern is null ? all : [.. all.Where(actor => Fits(actor.Name, pattern))];
        return actors.Count > 0
            ? (SnapshotRow.Of(stored), actors)
            : throw new CommandException(ExitCodes.Usage, $"{Quoted.Show(pattern!)}: checkpoint {stored.Id} has no such actor{Quoted.Suggest(pattern!, all.Select(actor => actor.Name))}; 'trapline snapshot show {stored.Id}' lists them, and * stands for anything");
    }

    /// <summary>As people read register values.</summary>
    public static string Value(ulong value) => $"0x{value:x}";

    public static decimal Ns(VirtualTime time) => (decimal)time.Picoseconds / VirtualTime.PerNanosecond;

    private static bool Fits(string name, string pattern)
        => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
