using System.Text.Json;
using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Nodes;

/// <summary>
/// The highest epoch and revision of each run that this node has seen, on its own disk. A database that was restored from an older
/// copy knows less than its nodes: it is at an earlier state, or came to a later one by another way, since a node that had not seen
/// the newer one went on with it. Such a run is stopped instead of being carried on twice.
/// </summary>
internal sealed class EpochMemory
{
    private const int MostRuns = 10_000;

    private readonly string _node;
    private readonly string _file;
    private readonly SortedDictionary<long, Seen> _seen;

    private EpochMemory(string node, string file, SortedDictionary<long, Seen> seen)
    {
        _node = node;
        _file = file;
        _seen = seen;
    }

    /// <param name="folder">Made where there is none.</param>
    /// <param name="node">Name, for people.</param>
    /// <param name="clusterId">Whose runs they are.</param>
    /// <exception cref="IOException">It cannot be read, or is no file of a node.</exception>
    public static EpochMemory Open(string folder, string node, string clusterId)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"epochs-{clusterId}.json");
        try
        {
            return new EpochMemory(node, file, File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<long, Seen>>(File.ReadAllText(file)) ?? [] : []);
        }
        catch (JsonException failure)
        {
            throw new IOException($"{file} is not what a node writes ({failure.Message}); remove it only if the database was not restored from an older copy meanwhile", failure);
        }
    }

    /// <summary>Compares a run with what is known of it, and remembers it where it is newer.</summary>
    /// <param name="run">As the database has it.</param>
    /// <param name="log">Reads its commits, which are looked at where the run has another epoch than was seen.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    /// <exception cref="IOException">It cannot be written down: then nothing may be done by it.</exception>
    public string? Check(RunRow run, Func<long, IReadOnlyList<CommitRecord>> log)
    {
        if (_seen.TryGetValue(run.Id, out var seen) && IsOlder(run, seen, log))
        {
            return $"run {run.Id} is at epoch {run.Epoch}, revision {run.Revision}, but node {_node} has seen epoch {seen.Epoch}, revision {seen.Revision}, which is no part of that: "
                + "the database is older than what was done with it. The run is stopped rather than carried on twice; submit it anew, or restore the newer database";
        }

        if (seen is null || (run.Epoch, run.Revision) != (seen.Epoch, seen.Revision))
        {
            _seen[run.Id] = new Seen(run.Epoch, run.Revision);
            while (_seen.Count > MostRuns)
            {
                _seen.Remove(_seen.Keys.First());
            }

            Write();
        }

        return null;
    }

    /// <summary>Revisions are never used twice, and the log has each with its epoch: what was seen must be there.</summary>
    private static bool IsOlder(RunRow run, Seen seen, Func<long, IReadOnlyList<CommitRecord>> log) =>
        (run.Epoch, run.Revision).CompareTo((seen.Epoch, seen.Revision)) < 0
        || (run.Epoch > seen.Epoch && seen.Revision > 0 && !log(run.Id).Any(commit => (commit.Epoch, commit.Revision) == (seen.Epoch, seen.Revision)));

    /// <summary>Wholly or not at all, and on disk before anybody acts by it.</summary>
    private void Write()
    {
        var next = _file + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, _seen);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, _file, overwrite: true);
    }

    private sealed record Seen(long Epoch, long Revision);
}
