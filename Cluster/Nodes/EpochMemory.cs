using System.Text.Json;
using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Nodes;

/// <summary>
/// The highest epoch and revision of each run that this node has seen, on its own disk. A database that was restored from an older
/// copy knows less than its nodes: such a run is stopped here instead of being carried on twice.
/// </summary>
internal sealed class EpochMemory
{
    private const int MostRuns = 10_000;

    private readonly string _file;
    private readonly SortedDictionary<long, Seen> _seen;

    private EpochMemory(string file, SortedDictionary<long, Seen> seen)
    {
        _file = file;
        _seen = seen;
    }

    /// <param name="folder">Made where there is none.</param>
    /// <param name="clusterId">Whose runs they are.</param>
    /// <exception cref="IOException">It cannot be read, or is no file of a node.</exception>
    public static EpochMemory Open(string folder, string clusterId)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"epochs-{clusterId}.json");
        try
        {
            return new EpochMemory(file, File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<long, Seen>>(File.ReadAllText(file)) ?? [] : []);
        }
        catch (JsonException failure)
        {
            throw new IOException($"{file} is not what a node writes ({failure.Message}); remove it only if the database was not restored from an older copy meanwhile", failure);
        }
    }

    /// <summary>Compares a run with what is known of it, and remembers it where it is newer.</summary>
    /// <returns>What is wrong; null if nothing is.</returns>
    /// <exception cref="IOException">It cannot be written down: then nothing may be done by it.</exception>
    public string? Check(RunRow run)
    {
        if (_seen.TryGetValue(run.Id, out var seen) && (run.Epoch, run.Revision).CompareTo((seen.Epoch, seen.Revision)) < 0)
        {
            return $"run {run.Id} is at epoch {run.Epoch}, revision {run.Revision}, but this node has seen epoch {seen.Epoch}, revision {seen.Revision}: the database is older than what was done with it. "
                + "The run is stopped here rather than carried on twice; submit it anew, or restore the newer database";
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
