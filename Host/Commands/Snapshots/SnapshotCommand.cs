using System.CommandLine;
using Trapline.Host.Rendering;
using Trapline.Persistence;

namespace Trapline.Host.Commands.Snapshots;

/// <summary><c>snapshot …</c>: what is done with checkpoints that a run has saved.</summary>
internal static class SnapshotCommand
{
    public static Command Create(HostConsole console) => new("snapshot", "List, show, compare, export, import, verify and remove checkpoints.")
    {
        SnapshotListCommand.Create(console),
        SnapshotShowCommand.Create(console),
        SnapshotDiffCommand.Create(console),
        SnapshotExportCommand.Create(console),
        SnapshotImportCommand.Create(console),
        SnapshotVerifyCommand.Create(console),
        SnapshotPruneCommand.Create(console),
    };

    /// <summary>For commands that need a checkpoint that is there.</summary>
    /// <exception cref="CheckpointException">There is no store.</exception>
    public static ICheckpointStore Existing(string url)
        => CheckpointStores.OpenExisting(url) ?? throw new CheckpointException(CheckpointFailure.Input, $"there is no store {CheckpointStores.Place(url)}; name another one with --store");
}
